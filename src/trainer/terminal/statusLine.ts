import type { Output } from '../commands/command';

/** At most so often is the line redrawn. */
const REDRAW_MS = 100;
const CLEAR = '\r\x1b[K';

/** One line at the bottom of a terminal that is redrawn in place; elsewhere, a plain line for each new text. */
export class StatusLine {
  private shown = '';
  private drawnAt = -Infinity;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = Date.now,
  ) {}

  /** True where the line can be redrawn. */
  get isLive(): boolean {
    return this.output.isTTY === true;
  }

  /** Columns that a line may fill without wrapping. */
  get width(): number {
    return Math.max(20, (this.output.columns ?? 80) - 1);
  }

  /** Draws the line, unless it was drawn a moment ago. The text must not be wider than `width`. */
  show(text: string): void {
    if (text === this.shown) return;
    if (!this.isLive) {
      this.shown = text;
      this.output.write(`${text}\n`);
      return;
    }
    if (this.now() - this.drawnAt < REDRAW_MS) return;
    this.shown = text;
    this.drawnAt = this.now();
    this.output.write(`${CLEAR}${text}`);
  }

  /** Prints lines that stay, above the status line. */
  print(text: string): void {
    if (!this.isLive) {
      this.output.write(`${text}\n`);
      return;
    }
    this.output.write(`${CLEAR}${text}\n${this.shown}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.isLive && this.shown !== '') this.output.write(CLEAR);
    this.shown = '';
  }
}
