import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { type InstalledWorkbench } from './install';

const run = promisify(execFile);

export interface ServerOptions {
  /** Leaves Workspace Trust on, so that folders open in Restricted Mode. */
  readonly restricted?: boolean;
  /** Lets a page hand an extension under test to the extension host; suppresses toasts. */
  readonly testDriver?: boolean;
  readonly settings?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

/** A running VS Code server with its own user, home and extensions; everything of it is in `folder`. */
export class WorkbenchServer {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly installed: InstalledWorkbench,
    private readonly options: ServerOptions,
    private child: ChildProcess | undefined,
  ) {}

  static async create(installed: InstalledWorkbench, options: ServerOptions = {}): Promise<WorkbenchServer> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mnemonics-workbench-'));
    for (const part of ['home', 'tmp', 'extensions', 'user/User']) await mkdir(path.join(folder, part), { recursive: true });
    await writeFile(path.join(folder, 'config.yaml'), '');
    const settings = { ...QUIET, 'security.workspace.trust.enabled': options.restricted === true, ...options.settings };
    await writeFile(path.join(folder, 'user/User/settings.json'), JSON.stringify(settings, null, 2));
    return new WorkbenchServer(folder, await freePort(), installed, options, undefined);
  }

  async installExtension(vsix: string): Promise<void> {
    await run(this.installed.node, [...this.commandLine(), '--install-extension', vsix], { env: this.environment() });
  }

  async start(): Promise<void> {
    const { restricted, testDriver } = this.options;
    const args = [
      ...this.commandLine(),
      ...['--config', path.join(this.folder, 'config.yaml'), '--bind-addr', `127.0.0.1:${this.port}`, '--auth', 'none'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(restricted ? [] : ['--disable-workspace-trust']),
      ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ];
    // Its own process group, so that stopping it takes every descendant.
    this.child = spawn(this.installed.node, args, { env: this.environment(), detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    this.child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
    process.once('exit', this.killNow);
    for (const deadline = Date.now() + 30_000; ; await sleep(100)) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined);
      if (answer?.ok) return;
      if (Date.now() > deadline || this.child.exitCode !== null) throw new Error(`The VS Code server doesn't start:\n${said}`);
    }
  }

  /** Ends the server and everything under it, then removes its folder. */
  async stop(): Promise<void> {
    process.off('exit', this.killNow);
    const { child } = this;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      signalGroup(child.pid, 'SIGTERM');
      await Promise.race([gone, sleep(3000)]);
      signalGroup(child.pid, 'SIGKILL');
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private readonly killNow = () => {
    if (this.child?.pid !== undefined) signalGroup(this.child.pid, 'SIGKILL');
  };

  private commandLine(): string[] {
    return [
      this.installed.entry,
      '--user-data-dir',
      path.join(this.folder, 'user'),
      '--extensions-dir',
      path.join(this.folder, 'extensions'),
    ];
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: path.join(this.folder, 'home'),
      TMPDIR: path.join(this.folder, 'tmp'),
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      ...(process.env.NODE_V8_COVERAGE ? { NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE } : {}),
      ...this.options.env,
    };
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has already ended.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('No free port.'))));
    });
  });
}

/** Nothing that moves, asks or calls home. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'workbench.tips.enabled': false,
  'files.simpleDialog.enable': true,
};
