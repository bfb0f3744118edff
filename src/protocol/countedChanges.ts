import type { LiveChange } from './liveChange';
import type { Plan, RunEvent, RunPlace } from './events';
import type { RunView } from './runView';

/** A change of a running run, at the place from which it counts. */
export interface CountedChange extends LiveChange, RunPlace {
  readonly previous: number;
  /** The plan under the new value, where that changes it. */
  readonly plan: Plan | null;
}

/** The run under a change: its config, and the plan of what has not ended. */
export function withChange(view: RunView, event: Extract<RunEvent, { kind: 'setting-changed' }>): RunView {
  const { field, value, previous, plan = null, phase, stage, step } = event;
  const changes = [...view.changes, { field, value, previous, plan, phase, stage, step }];
  const changed = { ...view, changes, config: { ...view.config, [field]: value } };
  return plan ? withPlan(changed, planFrom(view.plan, plan, event)) : changed;
}

/**
 * The changes that count where a run goes on from an earlier place. One that was made later holds from there: it was answered.
 * But a run that repeats another makes it again at its own step.
 */
export function changesAt(view: RunView, at: RunPlace): RunView {
  const { beginning, replay } = view;
  const isLaterThere = (change: CountedChange) => isLater(view.plan, change, at);
  const { phase, stage, step } = at;
  const changes = replay
    ? view.changes.filter((change) => !isLaterThere(change))
    : view.changes.map((change) => (isLaterThere(change) ? { ...change, phase, stage, step } : change));
  const config = { ...beginning.config, ...Object.fromEntries(changes.map(({ field, value }) => [field, value])) };
  const plan = changes.findLast((change) => change.plan)?.plan ?? beginning.plan;
  return withPlan({ ...view, changes, config }, planFrom(view.plan, plan, at));
}

/** What a run that repeats another has still to change, in its order. */
export const changesToRepeat = ({ replay, changes }: RunView): readonly (LiveChange & RunPlace)[] =>
  replay?.changes.slice(changes.length) ?? [];

/** Is a place of the run later than another? `stage` null is after the phase's stages. */
export function isLater(plan: Plan, place: RunPlace, than: RunPlace): boolean {
  if (place.phase !== than.phase) return place.phase > than.phase;
  const [stage, other] = [stageIndex(plan, place), stageIndex(plan, than)];
  return stage === other ? place.step > than.step : stage > other;
}

/** A plan whose stages that have not ended at a place take the steps that another gives them. */
export function planFrom(before: Plan, after: Plan, at: RunPlace): Plan {
  const reached = stageIndex(before, at);
  const phases = before.phases.map((phase, p) => {
    if (phase.phase < at.phase) return phase;
    const stages = phase.stages.map((stage, i) => {
      const next = after.phases[p]?.stages[i];
      const ended = phase.phase === at.phase && i < reached;
      return ended || !next ? stage : { ...stage, steps: next.steps, images: next.images };
    });
    return { ...phase, stages };
  });
  return { phases };
}

function stageIndex(plan: Plan, { phase, stage }: RunPlace): number {
  const stages = plan.phases.find((p) => p.phase === phase)?.stages ?? [];
  const index = stages.findIndex((s) => s.stage === stage);
  return index < 0 ? stages.length : index;
}

function withPlan(view: RunView, plan: Plan): RunView {
  const phases = view.phases.map((phase, p) => ({
    ...phase,
    stages: phase.stages.map((stage, i) => {
      const { steps, images } = plan.phases[p]?.stages[i] ?? stage;
      return { ...stage, steps, images };
    }),
  }));
  return { ...view, plan, phases };
}
