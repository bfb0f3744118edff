import type { ImportProgress } from '../../data/import/importDataSet';
import type { Output } from '../commands/command';
import { duration } from './numbers';
import { StatusLine } from './statusLine';

/** Where nothing can be redrawn, a line comes at each of these steps of the whole. */
const STEPS = 10;

/** How far an import is and how long it will take: one line that is redrawn; elsewhere, a line for every tenth. */
export class ImportLine {
  private readonly line: StatusLine;
  private begun: number | null = null;
  private step = -1;

  constructor(
    output: Output,
    private readonly now: () => number = Date.now,
  ) {
    this.line = new StatusLine(output, now);
  }

  show(name: string, { doneBytes, totalBytes }: ImportProgress): void {
    this.begun ??= this.now();
    const fraction = totalBytes > 0 ? doneBytes / totalBytes : 1;
    const step = Math.floor(fraction * STEPS);
    if (!this.line.isLive && step === this.step) return;
    this.step = step;
    const seconds = (this.now() - this.begun) / 1000;
    const left = fraction > 0.01 && fraction < 1 && seconds > 1 ? `, ${duration((seconds * (1 - fraction)) / fraction)} left` : '';
    this.say(`Copying ${name} ${Math.floor(100 * fraction)} % of ${megabytes(totalBytes)}${left}`);
  }

  say(text: string): void {
    this.line.show(this.line.isLive ? text.slice(0, this.line.width) : text);
  }

  clear(): void {
    this.line.clear();
  }
}

const megabytes = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`);
