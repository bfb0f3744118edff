import type { Output } from '../commands/command';
import { duration } from './numbers';
import { StatusLine } from './statusLine';

/** How much of something is done, in bytes. */
export interface ByteProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Where nothing can be redrawn, a line comes at each of these steps of the whole, and where that takes long, after this time. */
const STEPS = 10;
const PLAIN_MS = 5000;

/** How far a copy or download is and how long it will take: one line that is redrawn; elsewhere, a line for every tenth. */
export class ByteLine {
  private readonly line: StatusLine;
  private title = '';
  private begun = 0;
  private step = -1;
  private saidAt = 0;

  constructor(
    output: Output,
    private readonly now: () => number = Date.now,
  ) {
    this.line = new StatusLine(output, now);
  }

  show(title: string, { doneBytes, totalBytes }: ByteProgress): void {
    const now = this.now();
    if (title !== this.title) [this.title, this.begun, this.step] = [title, now, -1];
    const fraction = totalBytes > 0 ? doneBytes / totalBytes : 1;
    const step = Math.floor(fraction * STEPS);
    if (!this.line.isLive && step === this.step && now - this.saidAt < PLAIN_MS) return;
    [this.step, this.saidAt] = [step, now];
    const seconds = (now - this.begun) / 1000;
    const left = fraction > 0.01 && fraction < 1 && seconds > 1 ? `, ${duration((seconds * (1 - fraction)) / fraction)} left` : '';
    this.say(`${title} ${Math.floor(100 * fraction)} % of ${megabytes(totalBytes)}${left}`);
  }

  say(text: string): void {
    this.line.show(this.line.isLive ? text.slice(0, this.line.width) : text);
  }

  /** Prints a line that stays. */
  print(text: string): void {
    this.line.print(text);
  }

  clear(): void {
    this.line.clear();
  }
}

const megabytes = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`);
