import * as vscode from 'vscode';
import { CondensedLog } from '../../protocol/condensedLog';
import { type RunEvent } from '../../protocol/events';
import { type ToDashboard } from '../../protocol/webviewMessages';
import { type LiveRun } from '../run/liveRun';
import { type RunController } from '../run/runController';
import { StoredRun } from './storedRun';

/** How often the log of a run of another process is read on, in milliseconds. */
const REREAD_MS = 2000;

/** Follows one run wherever it goes on: in this window, in another process, or nowhere. Sends a snapshot, then what comes after. */
export class FollowedRun implements vscode.Disposable {
  private following: vscode.Disposable | undefined;
  /** Grows with each start: what an older one still awaits is thrown away. */
  private generation = 0;
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly runDir: string,
    private readonly controller: RunController,
    private readonly post: (message: ToDashboard) => void,
  ) {
    this.disposables = [
      controller.onDidStart((run) => {
        if (run.runDir === runDir && this.generation > 0) void this.restart();
      }),
      controller.onDidEnd(({ run }) => {
        if (run.runDir === runDir) this.post({ type: 'ownership', ownership: 'ended' });
      }),
    ];
  }

  /** Sends a snapshot and follows on from it. */
  async restart(): Promise<void> {
    this.pause();
    const generation = ++this.generation;
    const live = this.controller.live(this.runDir);
    if (live) return this.followLive(live);
    const stored = new StoredRun(this.runDir);
    const history = new CondensedLog();
    const ownership = await stored
      .read((event) => history.add(event))
      .catch((error: unknown) => {
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
        return 'ended' as const;
      });
    if (generation !== this.generation) return;
    this.post({ type: 'snapshot', events: [...history.events], ownership, runDir: this.runDir });
    if (ownership === 'elsewhere') this.followFile(stored);
  }

  /** Sends no more until the next `restart`. */
  pause(): void {
    this.generation++;
    this.following?.dispose();
    this.following = undefined;
  }

  dispose(): void {
    this.pause();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private followLive(run: LiveRun): void {
    run.flush();
    this.post({ type: 'snapshot', events: [...run.events], ownership: 'live', runDir: this.runDir });
    this.following = new vscode.Disposable(run.listen((events) => this.post({ type: 'events', events: [...events] })));
  }

  /** Another process's run tells nothing to this window: what it logs is read now and then. */
  private followFile(stored: StoredRun): void {
    const { generation } = this;
    let timer: NodeJS.Timeout | undefined;
    const readLater = () => (timer = setTimeout(() => void read().catch(() => this.pause()), REREAD_MS));
    const read = async () => {
      const events: RunEvent[] = [];
      const ownership = await stored.read((event) => events.push(event));
      if (generation !== this.generation) return;
      if (events.length > 0) this.post({ type: 'events', events });
      if (ownership === 'ended') this.post({ type: 'ownership', ownership });
      else readLater();
    };
    readLater();
    this.following = new vscode.Disposable(() => clearTimeout(timer));
  }
}
