import { configSchema, type LiveField } from '../protocol/config';
import { configError, notNowError } from '../protocol/errors';

/** A change of a running run, to be applied between two steps. */
export interface SettingChange {
  readonly field: LiveField;
  readonly value: number;
}

type Wish = 'pause' | 'resume' | 'stop' | SettingChange;

/**
 * What is wished of a run from outside. The run looks here between two steps and nowhere else, so no step is ever torn.
 * Each wish is answered once it holds: the promise resolves, or rejects with a LabError where it can't be.
 */
export class RunControl {
  private wishes: { wish: Wish; resolve(): void; reject(error: Error): void }[] = [];
  private wake: (() => void) | null = null;
  private ended = false;
  private paused = false;
  private stopped = false;

  get isPaused(): boolean {
    return this.paused;
  }
  get isStopped(): boolean {
    return this.stopped;
  }

  pause = () => this.wish('pause');
  resume = () => this.wish('resume');
  stop = () => this.wish('stop');
  set = (field: LiveField, value: number) => this.wish({ field, value });

  /**
   * Called by the run between two steps: carries out what was wished, and waits while paused.
   * @param carriers how the run takes a change; each is called when it takes effect
   * @returns true where the run should stop now
   */
  async boundary(carriers: { onPause(): Promise<void> | void; onResume(): void; onSet(change: SettingChange): void }): Promise<boolean> {
    // Messages and signals come in only when the event loop turns.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      for (const { wish, resolve, reject } of this.wishes.splice(0)) {
        try {
          await this.carryOut(wish, carriers);
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }
      if (this.stopped || !this.paused) return this.stopped;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** The run has ended: what is still wished, or will be, is refused. */
  end(): void {
    this.ended = true;
    for (const { reject } of this.wishes.splice(0)) reject(notNowError('The run has ended; start or resume one first.'));
  }

  private wish(wish: Wish): Promise<void> {
    if (this.ended) return Promise.reject(notNowError('The run has ended; start or resume one first.'));
    return new Promise((resolve, reject) => {
      this.wishes.push({ wish, resolve, reject });
      this.wake?.();
    });
  }

  private async carryOut(wish: Wish, { onPause, onResume, onSet }: Parameters<RunControl['boundary']>[0]): Promise<void> {
    if (wish === 'stop') this.stopped = true;
    else if (wish === 'pause') {
      if (this.paused) throw notNowError('The run is paused already; resume it instead.');
      this.paused = true;
      await onPause();
    } else if (wish === 'resume') {
      if (!this.paused) throw notNowError('The run is not paused; there is nothing to resume.');
      this.paused = false;
      onResume();
    } else {
      const { field, value } = wish;
      const checked = configSchema.shape[field].safeParse(value);
      if (!checked.success)
        throw configError(`"${field}" can't be set to ${value}: ${checked.error.issues[0]?.message ?? 'it is out of range'}.`);
      onSet(wish);
    }
  }
}
