/** Where an installation stands; a `notice` is to be kept in sight. */
export interface InstallProgress {
  readonly step: 'notice' | 'find' | 'download' | 'unpack' | 'build' | 'check' | 'done';
  readonly message: string;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
}

/** Reports progress at most ten times a second for one message, and carries the signal that cancels. */
export class Progress {
  private lastMessage = '';
  private lastTime = 0;

  constructor(
    private readonly listener: ((progress: InstallProgress) => void) | undefined,
    readonly signal: AbortSignal | undefined,
  ) {}

  report(step: InstallProgress['step'], message: string, doneBytes?: number, totalBytes?: number): void {
    const now = Date.now();
    const complete = doneBytes !== undefined && doneBytes === totalBytes;
    if (message === this.lastMessage && now - this.lastTime < 100 && !complete) return;
    this.lastMessage = message;
    this.lastTime = now;
    this.listener?.({
      step,
      message,
      ...(doneBytes === undefined ? {} : { doneBytes }),
      ...(totalBytes === undefined ? {} : { totalBytes }),
    });
  }
}
