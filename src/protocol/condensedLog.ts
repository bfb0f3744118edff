import type { RunEvent } from './events';
import { inOneRow } from './progressEvent';

/** Events of a log that is kept whole: hours of one that reports a few times a second. */
const MOST_EVENTS = 20_000;

/**
 * A log that stays small however long its run gets: of its reports of progress every second, fourth … is left, and each that
 * begins or ends a row of them. All other events stay. Its fold is that of the whole log but for the density of loss curves.
 */
export class CondensedLog {
  private kept: RunEvent[] = [];
  /** Of the reports inside a row those whose `seq` is a multiple of this are kept. */
  private every = 1;
  private limit: number;

  constructor(private readonly most = MOST_EVENTS) {
    this.limit = most;
  }

  /** In the order of the log; their numbers may have gaps. */
  get events(): readonly RunEvent[] {
    return this.kept;
  }

  /** The newest event of the log is always among those that are kept. */
  get last(): RunEvent | undefined {
    return this.kept.at(-1);
  }

  add(event: RunEvent): void {
    const { kept } = this;
    kept.push(event);
    // The one before has become the inside of a row.
    if (this.isLeftOut(kept.length - 2)) kept.splice(-2, 1);
    if (kept.length <= this.limit) return;
    this.every *= 2;
    this.kept = kept.filter((_, i) => !this.isLeftOut(i));
    // Should nearly all be events that stay, this is not to happen at each of them.
    this.limit = Math.max(this.most, 2 * this.kept.length);
  }

  private isLeftOut(index: number): boolean {
    const [before, event, after] = [this.kept[index - 1], this.kept[index], this.kept[index + 1]];
    return inOneRow(before, event) && inOneRow(event, after) && (event?.seq ?? 0) % this.every !== 0;
  }
}
