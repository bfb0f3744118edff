import { blockCount, classBlock } from '../../../learning/classBlocks';
import { halvedBeta } from '../../../learning/exemplarOptimizers';
import { RandomStream } from '../../../learning/randomStreams';
import { oneHot } from '../../batches';
import { classesSeen, type StageContext, type StageStart } from '../stage';
import { ExemplarSet } from './exemplarSet';
import { measureLosses } from './measureLosses';
import { updateExemplars } from './updateExemplars';

/**
 * (10a), (10b): the exemplars of earlier classes, in two halves that each class shares evenly; each half is updated through
 * the loss on the other. An epoch updates every exemplar once, block of classes by block.
 */
export const startLearningOld: StageStart = async (context, fromStep) => {
  const { phase, plan, state } = context;
  const seen = classesSeen(plan, phase.phase);
  const oldClasses = seen - phase.classes.length;
  const rows = evenHalves(context, oldClasses);
  const halves = { a: new ExemplarSet(context, 'a', rows.a), b: new ExemplarSet(context, 'b', rows.b) };
  if (fromStep === 0) {
    for (const half of Object.values(halves)) half.begin();
    state.memory.stored = state.memory.after.slice();
  }
  return {
    async step(i) {
      const { seed, beta2, betaHalvingEpochs, innerSteps, mnemonicsClassesPerStep: perStep } = context.config();
      const { positions, round } = classBlock(oldClasses, perStep, i, seed, ['blocks', 'old', phase.phase]);
      const classes = new Set(positions);
      const epoch = Math.floor(i / blockCount(oldClasses, perStep));
      const beta = halvedBeta(beta2, epoch, betaHalvingEpochs);
      const [a, b] = [halves.a.take(classes), halves.b.take(classes)];
      const [labelsOfA, labelsOfB] = [oneHot(a.classes, seen), oneHot(b.classes, seen)];
      const update = (half: ExemplarSet) => ({ seen, beta, number: round + 1, stream: [half.name, phase.phase, i] });
      const nextA = await updateExemplars(context, a, { images: b.state.exemplars, oneHot: labelsOfB }, update(halves.a));
      const nextB = await updateExemplars(context, b, { images: nextA.next.exemplars, oneHot: labelsOfA }, update(halves.b));
      // Both or none: a step that is abandoned in its second half has changed nothing.
      await a.replace(nextA.next);
      await b.replace(nextB.next);
      for (const t of [labelsOfA, labelsOfB, a, b]) t.dispose();
      return { loss: (nextA.loss + nextB.loss) / 2, images: (1 + 2 * innerSteps) * (a.classes.length + b.classes.length) };
    },
    async end() {
      const { before: chosen, stored, after } = state.memory;
      const now = halves.b.into(halves.a.into(after.slice()));
      if (!stored) throw new Error('Nothing was kept of the exemplars before they were adapted');
      const classes = plan.phases.flatMap((p) => p.classes).slice(0, oldClasses);
      // One half speaks for both: a short stage would otherwise be measured as long as it learns.
      const losses = await measureLosses(context, { classes, rows: rows.a, versions: { chosen, stored, now } });
      // Last, so that an end that is abandoned can begin again.
      halves.a.store();
      halves.b.store();
      state.exemplarLosses = { ...state.exemplarLosses, old: losses };
    },
  };
};

/** Each class's exemplars dealt to two halves by a stream of the phase; an odd one goes to B. */
export function evenHalves({ state, phase, config }: StageContext, oldClasses: number): { a: number[]; b: number[] } {
  const a: number[] = [];
  const b: number[] = [];
  for (let c = 0; c < oldClasses; c++) {
    const rows = state.memory.rowsOf(c, c + 1);
    const order = new RandomStream(config().seed, 'halves', phase.phase, c).permutation(rows.length);
    order.forEach((at, i) => (i < Math.floor(rows.length / 2) ? a : b).push(rows[at] ?? -1));
  }
  return { a, b };
}
