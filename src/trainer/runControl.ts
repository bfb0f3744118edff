import type { LiveField } from '../protocol/config';
import { LabError, notNowError } from '../protocol/errors';
import { parseLiveChange, type LiveChange } from '../protocol/liveChange';

/** How a run carries out what is wished; a wish is answered once this is done. */
export interface WishCarriers {
  onPause(): Promise<void>;
  onResume(): Promise<void>;
  onStop(): Promise<void>;
  /** All of the changes or none. */
  onSet(changes: readonly LiveChange[]): Promise<void>;
}

/** Changes are parsed when they are carried out. */
export type Wish = 'pause' | 'resume' | 'stop' | readonly { readonly field: string; readonly value: unknown }[];

/**
 * What is wished of a run from outside. The run looks here between two steps and nowhere else, so no step is ever torn.
 * Each wish is answered once it holds: the promise resolves, or rejects with a LabError where it can't be.
 */
export class RunControl {
  private wishes: { wish: Wish; isWanted(): boolean; resolve(): void; reject(error: Error): void }[] = [];
  private wake: (() => void) | null = null;
  private ended = false;
  private paused = false;
  private stopped = false;

  get isPaused(): boolean {
    return this.paused;
  }

  pause = () => this.wish('pause');
  resume = () => this.wish('resume');
  stop = () => this.wish('stop');
  set = (field: LiveField, value: number) => this.wish([{ field, value }]);

  /**
   * Called by the run between two steps: carries out what was wished, and waits while paused.
   * @returns true where the run should stop now
   */
  async boundary(carriers: WishCarriers): Promise<boolean> {
    // Messages and signals come in only when the event loop turns.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      // One at a time, since carrying out takes time in which others may come. After a stop none: what is still wished is refused at the end.
      while (!this.stopped) {
        const next = this.wishes.shift();
        if (!next) break;
        const { wish, isWanted, resolve, reject } = next;
        try {
          if (!isWanted()) throw notNowError('The request was withdrawn.');
          await this.carryOut(wish, carriers);
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          // A folder that can't be written ends the run, whoever asked for the writing.
          if (error instanceof LabError && error.code === 'run-folder') throw error;
        }
      }
      if (this.stopped || !this.paused) return this.stopped;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** True where a stop was wished and not carried out yet. Lets messages and signals in before it looks. */
  async stopIsWished(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.wishes.some(({ wish }) => wish === 'stop');
  }

  /** The run has ended: what is still wished, or will be, is refused. */
  end(): void {
    this.ended = true;
    for (const { reject } of this.wishes.splice(0)) reject(notNowError('The run has ended; start or resume one first.'));
  }

  /** @param isWanted asked just before it is carried out, since it may be withdrawn until then */
  wish(wish: Wish, isWanted = () => true): Promise<void> {
    if (this.ended) return Promise.reject(notNowError('The run has ended; start or resume one first.'));
    return new Promise((resolve, reject) => {
      this.wishes.push({ wish, isWanted, resolve, reject });
      this.wake?.();
    });
  }

  private async carryOut(wish: Wish, carriers: WishCarriers): Promise<void> {
    if (wish === 'stop') {
      await carriers.onStop();
      this.stopped = true;
    } else if (wish === 'pause') {
      if (this.paused) throw notNowError('The run is paused already; resume it instead.');
      await carriers.onPause();
      this.paused = true;
    } else if (wish === 'resume') {
      if (!this.paused) throw notNowError('The run is not paused; there is nothing to resume.');
      await carriers.onResume();
      this.paused = false;
    } else {
      await carriers.onSet(wish.map(({ field, value }) => parseLiveChange(field, value)));
    }
  }
}
