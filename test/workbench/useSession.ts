import { Session } from './session';
import { type Workbench } from './driver';
import { TestWorkspace } from './workspace';
import { type ServerOptions } from './workbenchServer';

export interface TestWindow {
  readonly workspace: TestWorkspace;
  readonly workbench: Workbench;
}

/** Gives the tests of a `describe` one server, and each test its own workspace and window; clears everything away afterwards. */
export function useSession(options?: ServerOptions) {
  let session: Session | undefined;
  const opened: TestWindow[] = [];

  before(async function () {
    this.timeout(300_000); // The first one installs the workbench and packs the extension.
    session = await Session.start(options);
  });

  afterEach(async function () {
    for (const { workspace, workbench } of opened.splice(0)) {
      if (this.currentTest?.state === 'failed') await workbench.picture(this.currentTest.fullTitle()).catch(() => undefined);
      await workbench.close();
      for (const pid of await workspace.trainerPids()) if (pid !== process.pid) process.kill(pid, 'SIGKILL');
      await workspace.remove();
    }
  });

  after(() => session?.stop());

  return {
    get session(): Session {
      if (!session) throw new Error('The session begins with the first test.');
      return session;
    },
    /** Opens a window on a new workspace. @param fill writes the workspace's files first. */
    async window(fill: (workspace: TestWorkspace) => unknown, size?: { width: number; height: number }): Promise<TestWindow> {
      const workspace = await TestWorkspace.create();
      await fill(workspace);
      const window = { workspace, workbench: await this.session.open(workspace.folder, size) };
      opened.push(window);
      return window;
    },
  };
}
