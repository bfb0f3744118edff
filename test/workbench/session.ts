import { type Browser } from 'playwright-core';
import { launchChromium } from '../chromium';
import { Workbench } from './driver';
import { installedWorkbench } from './install';
import { packagedExtension } from './packagedExtension';
import { WorkbenchServer, type ServerOptions } from './workbenchServer';

/** A server with the packaged extension, and a browser to work in it. */
export class Session {
  private constructor(
    readonly server: WorkbenchServer,
    readonly browser: Browser,
  ) {}

  static async start(options: ServerOptions = {}): Promise<Session> {
    const vsix = await packagedExtension();
    const server = await WorkbenchServer.create(await installedWorkbench((line) => console.log(line)), options);
    try {
      await server.installExtension(vsix);
      await server.start();
      return new Session(server, await launchChromium());
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  open(folder: string, size?: { width: number; height: number }): Promise<Workbench> {
    return Workbench.open(this.browser, this.server.port, folder, size);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }
}
