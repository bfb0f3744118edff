import { groupAccuracies } from '../learning/metrics';
import type { Config } from '../protocol/config';
import type { Plan } from '../protocol/events';
import type { LearningEffect } from '../protocol/learningEffect';
import { NOTHING_MOVED, type ExemplarChange } from '../protocol/metrics';
import type { Evaluation } from './evaluation';
import type { ExemplarMemory } from './exemplarMemory';
import { classesSeen } from './stages/stage';
import type { TrainingState } from './trainingState';

/** What was found out about exemplars that were learned. */
interface Learned extends Pick<Evaluation, 'nearestMean'> {
  readonly earlier: NonNullable<Evaluation['earlier']>;
  readonly moved: ChangesInPhase;
}

/** What learning made of the exemplars in a phase. */
export function learningEffect(plan: Plan, phase: number, state: TrainingState, { nearestMean, earlier, moved }: Learned): LearningEffect {
  const sizes = sizesUpTo(plan, phase);
  const [chosen, stored, now] = [earlier.chosen, earlier.stored, nearestMean].map((confusion) => groupAccuracies(confusion, sizes));
  return {
    losses: state.exemplarLosses,
    nearestMean: sizes
      .map((_, group) => ({
        age: phase - group,
        chosen: chosen?.[group] ?? 0,
        stored: stored?.[group] ?? 0,
        now: now?.[group] ?? 0,
      }))
      .reverse(),
    moved: { new: meanChange(moved.new), old: phase === 0 ? null : meanChange(moved.old) },
  };
}

/** How far learning has moved each class's exemplars in a phase: the phase's own since they were chosen, earlier ones since they were stored. */
export interface ChangesInPhase {
  readonly new: readonly ExemplarChange[];
  readonly old: readonly ExemplarChange[];
}

/** @param sinceChosen `memory.changes()`, which goes over every pixel */
export function changesInPhase(plan: Plan, phase: number, memory: ExemplarMemory, sinceChosen: readonly ExemplarChange[]): ChangesInPhase {
  const first = classesSeen(plan, phase - 1);
  return {
    new: sinceChosen.filter(({ classIndex }) => classIndex >= first),
    old: memory.changes(memory.stored ?? memory.after).filter(({ classIndex }) => classIndex < first),
  };
}

/**
 * Sentences to warn with where learning has moved the exemplars of some class as good as not at all in this phase, which no
 * table of accuracies would show: new ones and old ones apart. Old ones that aren't to be adapted are not named.
 */
export function stillExemplars(config: Config, plan: Plan, phase: number, moved: ChangesInPhase): string[] {
  if (config.exemplarMethod !== 'mnemonics') return [];
  const parts = [
    { kind: 'new', changes: moved.new, step: 'beta1', epochs: 'mnemonicsEpochs' },
    { kind: 'old', changes: config.mnemonicsOldEpochs === 0 ? [] : moved.old, step: 'beta2', epochs: 'mnemonicsOldEpochs' },
  ] as const;
  return parts.flatMap(({ kind, changes, step, epochs }) => {
    const still = changes.filter((change) => change.meanChange < NOTHING_MOVED);
    if (still.length === 0) return [];
    const zero = (['innerSteps', epochs] as const).find((field) => config[field] === 0);
    const remedy = zero ? `"${zero}" is 0: raise it` : `raise "${step}", or choose another "exemplarOptimizer"`;
    const which = still.length === changes.length ? '' : ` of ${namesOf(plan, still)}`;
    return [`Learning moved the ${kind} exemplars${which} by less than ${NOTHING_MOVED} on average in phase ${phase}; ${remedy}.`];
  });
}

/** Number of classes that each phase up to this one brought. */
export const sizesUpTo = (plan: Plan, phase: number): number[] =>
  plan.phases.filter((p) => p.phase <= phase).map(({ classes }) => classes.length);

export const meanChange = (changes: readonly ExemplarChange[]): number =>
  changes.reduce((total, change) => total + change.meanChange, 0) / Math.max(1, changes.length);

/** At most ten names. */
function namesOf(plan: Plan, changes: readonly ExemplarChange[]): string {
  const classes = plan.phases.flatMap((p) => p.classes);
  const names = changes.map(({ classIndex }) => classes[classIndex]?.name ?? String(classIndex));
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more classes` : names.join(', ');
}
