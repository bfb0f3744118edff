import type { RunView, StageView } from '../../src/protocol/runView';
import type { Stage } from '../../src/protocol/words';

/** How long a stage takes: measured once it is done, else estimated. `null` while nothing in the run has been measured. */
export interface StageTime {
  readonly total: number | null;
  readonly estimated: boolean;
  /** Seconds still to go; 0 when done. */
  readonly left: number | null;
}

/**
 * Times of a run's stages. A waiting stage is estimated from the images its plan names, at the rate measured for its kind in
 * earlier phases, else at the rate of everything measured; the running one from its own pace once it has one.
 */
export function stageTimes(view: RunView): (phase: number, stage: StageView) => StageTime {
  const rates = measuredRates(view);
  if (rates.size === 0) addRunningRate(view, rates);
  const rateOf = (stage: Stage) => rates.get(stage) ?? rates.get('all') ?? null;
  return (phase, stage) => {
    if (stage.state === 'done') return { total: stage.seconds, estimated: false, left: 0 };
    const rate = rateOf(stage.stage);
    const planned = rate === null ? null : stage.images * rate;
    if (stage.state === 'waiting') return { total: planned, estimated: true, left: planned };
    const fraction = stage.steps > 0 ? stage.step / stage.steps : 0;
    const elapsed = wasInterrupted(view, phase, stage.stage) ? null : elapsedSeconds(view, phase, stage);
    const paced = elapsed !== null && elapsed > 0 && fraction > 0.02 ? elapsed / fraction : null;
    const total = paced ?? planned ?? null;
    return { total, estimated: true, left: total === null ? null : total * (1 - fraction) };
  };
}

function measuredRates({ phases }: RunView): Map<Stage | 'all', number> {
  const sums = new Map<Stage | 'all', { seconds: number; images: number }>();
  for (const stage of phases.flatMap((p) => p.stages)) {
    if (stage.state !== 'done' || stage.seconds === null || stage.images === 0) continue;
    for (const key of [stage.stage, 'all'] as const) {
      const sum = sums.get(key) ?? { seconds: 0, images: 0 };
      sums.set(key, { seconds: sum.seconds + stage.seconds, images: sum.images + stage.images });
    }
  }
  return new Map([...sums].map(([key, { seconds, images }]) => [key, seconds / images]));
}

/** Before the first stage has ended, the pace of the running one speaks for all. */
function addRunningRate(view: RunView, rates: Map<Stage | 'all', number>): void {
  for (const { phase, stages } of view.phases) {
    for (const stage of stages) {
      const images = stage.steps > 0 ? (stage.images * stage.step) / stage.steps : 0;
      if (stage.state !== 'running' || images === 0 || wasInterrupted(view, phase, stage.stage)) continue;
      const seconds = elapsedSeconds(view, phase, stage);
      if (seconds > 0) rates.set('all', seconds / images);
    }
  }
}

/** Time between processes isn't time at work, and events don't say how much it was. */
const wasInterrupted = ({ marks }: RunView, phase: number, stage: Stage): boolean =>
  marks.some((m) => m.kind === 'continued' && m.phase === phase && m.stage === stage);

/** Wall time of the running stage without its pauses. */
function elapsedSeconds(view: RunView, phase: number, { stage, startedAt }: StageView): number {
  if (startedAt === null) return 0;
  const own = view.marks.filter((m) => m.phase === phase && m.stage === stage);
  let paused = 0;
  let since: number | null = null;
  for (const { kind, time } of own) {
    if (kind === 'paused') since ??= time;
    if (kind === 'resumed' && since !== null) {
      paused += time - since;
      since = null;
    }
  }
  const end = since ?? view.lastTime;
  return Math.max(0, end - startedAt - paused) / 1000;
}
