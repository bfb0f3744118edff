import type { RunEvent } from './events';
import { foldEvent, foldProgress } from './foldEvent';
import { inOneRow, type ProgressEvent } from './progressEvent';
import type { RunView } from './runView';

/** `foldEvent` over many events, in which a row of reports costs little more than one: a log of a million opens at once. */
export class RunFold {
  private folded: RunView | null = null;
  private row: [ProgressEvent, ...ProgressEvent[]] | null = null;

  add(event: RunEvent): void {
    if (event.kind !== 'progress' || this.folded === null) {
      this.folded = foldEvent(this.view, event);
      return;
    }
    const last = this.row?.at(-1);
    if (event.seq <= (last?.seq ?? this.folded.lastSeq)) return;
    if (this.row && inOneRow(last, event) && this.row.length < LONGEST_ROW) this.row.push(event);
    else {
      this.folded = this.view;
      this.row = [event];
    }
  }

  /** The fold of all events so far; null before `run-started`. */
  get view(): RunView | null {
    if (this.row && this.folded) this.folded = foldProgress(this.folded, this.row);
    this.row = null;
    return this.folded;
  }
}

/** Longer ones are folded in parts, so that the events themselves needn't be kept. */
const LONGEST_ROW = 1000;

/** The fold of a whole log; null for an empty one. */
export function foldEvents(events: Iterable<RunEvent>): RunView | null {
  const fold = new RunFold();
  for (const event of events) fold.add(event);
  return fold.view;
}
