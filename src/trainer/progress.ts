import type { Plan } from '../protocol/events';
import type { Stage } from '../protocol/words';
import type { Cursor } from './trainingState';

/** Speed, mean loss and time left, from the plan's work and the time that work has taken. */
export class Progress {
  /** Seconds and work done in this process, by kind of stage. */
  private readonly measured = new Map<Stage, { seconds: number; work: number }>();
  private lastReport = Number.NEGATIVE_INFINITY;
  private images = 0;
  private seconds = 0;
  private losses: number[] = [];

  /**
   * @param plan as it stands: changes of a running run change it
   * @param reportMs at most so often does a stage report
   */
  constructor(
    private readonly plan: () => Plan,
    private readonly reportMs: number,
  ) {}

  /** Notes a step that took `seconds`. */
  add(at: Cursor, step: { loss: number | null; images: number }, seconds: number): void {
    const stage = this.stageAt(at);
    const entry = this.measured.get(stage.stage) ?? { seconds: 0, work: 0 };
    this.measured.set(stage.stage, { seconds: entry.seconds + seconds, work: entry.work + stage.images / Math.max(1, stage.steps) });
    this.images += step.images;
    this.seconds += seconds;
    if (step.loss !== null) this.losses.push(step.loss);
  }

  /** True where steps were made since the last report. */
  get isBehind(): boolean {
    return this.seconds > 0;
  }

  /** What to report now, at the cursor of the next step; null where the last report was just now and this isn't a stage's last step. */
  report(
    next: Cursor,
    last: boolean,
    now: number,
  ): { loss: number | null; imagesPerSecond: number; secondsLeft: number | null; fractionDone: number } | null {
    if (!last && now - this.lastReport < this.reportMs) return null;
    const { losses, images, seconds } = this;
    this.lastReport = now;
    [this.losses, this.images, this.seconds] = [[], 0, 0];
    const left = this.secondsOf(next);
    const all = this.secondsOf({ phase: 0, stage: 0, step: 0 });
    return {
      loss: losses.length > 0 ? losses.reduce((a, b) => a + b, 0) / losses.length : null,
      imagesPerSecond: seconds > 0 ? images / seconds : 0,
      secondsLeft: left,
      fractionDone: left === null || !all ? 0 : Math.min(1, Math.max(0, 1 - left / all)),
    };
  }

  /** Estimated seconds of all work from `from` on. A kind of stage not met yet is estimated at the speed of all together. */
  private secondsOf(from: Cursor): number | null {
    const totals = [...this.measured.values()].reduce((t, m) => ({ seconds: t.seconds + m.seconds, work: t.work + m.work }), {
      seconds: 0,
      work: 0,
    });
    if (totals.work === 0) return null;
    let seconds = 0;
    this.plan().phases.forEach(({ stages }, phase) =>
      stages.forEach(({ stage, steps, images }, index) => {
        const before = phase < from.phase || (phase === from.phase && index < from.stage);
        const done = phase === from.phase && index === from.stage ? from.step / Math.max(1, steps) : 0;
        const own = this.measured.get(stage);
        const { seconds: s, work } = own && own.work > 0 ? own : totals;
        if (!before) seconds += images * (1 - done) * (s / work);
      }),
    );
    return seconds;
  }

  private stageAt({ phase, stage }: Cursor) {
    const found = this.plan().phases[phase]?.stages[stage];
    if (!found) throw new Error(`No stage ${stage} in phase ${phase}`);
    return found;
  }
}
