import * as vscode from 'vscode';
import { type ToDashboard } from '../../protocol/webviewMessages';
import { type LiveRun } from '../run/liveRun';
import { type RunController } from '../run/runController';
import { storedHistory } from './runHistory';

/** How often the log of a run of another process is read again, in milliseconds. */
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
    const { events, ownership } = await storedHistory(this.runDir).catch((error: unknown) => {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      return { events: [], ownership: 'ended' as const };
    });
    if (generation !== this.generation) return;
    this.post({ type: 'snapshot', events: [...events], ownership, runDir: this.runDir });
    if (ownership === 'elsewhere') this.followFile(events.at(-1)?.seq ?? -1);
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

  /** Another process's run tells nothing to this window: its log is read again and again. */
  private followFile(from: number): void {
    const { generation } = this;
    let seq = from;
    let timer: NodeJS.Timeout | undefined;
    const rereadLater = () => (timer = setTimeout(() => void reread().catch(() => this.pause()), REREAD_MS));
    const reread = async () => {
      const { events, ownership } = await storedHistory(this.runDir);
      if (generation !== this.generation) return;
      const next = events.filter((event) => event.seq > seq);
      seq = events.at(-1)?.seq ?? seq;
      if (next.length > 0) this.post({ type: 'events', events: next });
      if (ownership === 'ended') this.post({ type: 'ownership', ownership });
      else rereadLater();
    };
    rereadLater();
    this.following = new vscode.Disposable(() => clearTimeout(timer));
  }
}
