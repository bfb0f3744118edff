import { CondensedLog } from '../../protocol/condensedLog';
import { type RunEvent } from '../../protocol/events';
import { foldEvent } from '../../protocol/foldEvent';
import type { RunView } from '../../protocol/runView';

/** How long events are collected before they are handed on together: fast enough to look live, slow enough for long runs. */
const BATCH_MS = 100;

/** A run whose events come in now: its history, condensed, its fold, and its listeners, who get events in batches. */
export class LiveRun {
  private readonly history = new CondensedLog();
  private readonly listeners = new Set<(events: readonly RunEvent[]) => void>();
  private batch: RunEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private folded: RunView | null = null;

  /** @param before what the run had logged before this window took it up; may be condensed. */
  constructor(
    readonly runDir: string,
    before: readonly RunEvent[] = [],
  ) {
    for (const event of before) this.keep(event);
  }

  get events(): readonly RunEvent[] {
    return this.history.events;
  }

  get view(): RunView | null {
    return this.folded;
  }

  add(event: RunEvent): void {
    // A resumed process may repeat what the file already told.
    if (event.seq <= (this.history.last?.seq ?? -1)) return;
    this.keep(event);
    this.batch.push(event);
    this.timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Hands on what has come, at once. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.batch;
    this.batch = [];
    if (batch.length > 0) for (const listener of [...this.listeners]) listener(batch);
  }

  /** @returns what ends the listening. */
  listen(listener: (events: readonly RunEvent[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private keep(event: RunEvent): void {
    this.history.add(event);
    this.folded = foldEvent(this.folded, event);
  }
}
