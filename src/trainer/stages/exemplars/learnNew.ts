import { classBlock } from '../../../learning/classBlocks';
import { filledBatchesPerEpoch } from '../../../learning/epochs';
import { halvedBeta } from '../../../learning/exemplarOptimizers';
import { RandomStream } from '../../../learning/randomStreams';
import { batchesAhead, filledRowsOfStep, type Examples } from '../../batches';
import { splitNewImages } from '../../heldOut';
import { classesSeen, type StageContext, type StageStart } from '../stage';
import { disposeBatch } from './disposeBatch';
import { ExemplarSet } from './exemplarSet';
import { measureLosses } from './measureLosses';
import { updateExemplars } from './updateExemplars';

/** (9): the exemplars of the phase's classes, or of a block of them, one update for each batch of the phase's data. */
export const startLearningNew: StageStart = async (context, fromStep) => {
  const { data, phase, state, plan } = context;
  const seen = classesSeen(plan, phase.phase);
  const { train: examples } = splitNewImages(context, phase.classes);
  const rows = state.memory.rowsOf(seen - phase.classes.length, seen);
  const set = new ExemplarSet(context, 'new', rows);
  if (fromStep === 0) set.begin();
  const batchOf = batchesAhead(examples, { data, seen }, (i) => ({
    rows: rowsOfUpdate(context, examples, blockOfStep(context, i).classes, i),
    augment: context.config().mnemonicsAugmentation === 'none' ? 'none' : context.config().augmentation,
    random: new RandomStream(context.config().seed, 'augment', 'mnemonics-new', phase.phase, i),
  }));
  return {
    async step(i) {
      const { mnemonicsBatchSize: size, beta1, innerSteps, betaHalvingEpochs } = context.config();
      const { classes, number } = blockOfStep(context, i);
      const batch = await batchOf(i);
      const taken = set.take(classes);
      const epoch = Math.floor(i / filledBatchesPerEpoch(examples.classes.length, size));
      const beta = halvedBeta(beta1, epoch, betaHalvingEpochs);
      const { next, loss } = await updateExemplars(context, taken, batch, { seen, beta, number, stream: ['new', phase.phase, i] });
      await taken.replace(next);
      taken.dispose();
      disposeBatch(batch);
      return { loss, images: size + 2 * innerSteps * taken.classes.length };
    },
    async end() {
      const { before: chosen, after } = state.memory;
      const now = set.into(after.slice());
      const losses = await measureLosses(context, { classes: phase.classes, rows, versions: { chosen, now } });
      // Last, so that an end that is abandoned can begin again.
      set.store();
      state.exemplarLosses = { ...state.exemplarLosses, new: losses };
    },
  };
};

/** The class indices whose exemplars step `i` changes, and the number of the update for them. */
function blockOfStep({ config, phase }: StageContext, i: number): { classes: ReadonlySet<number>; number: number } {
  const { seed, mnemonicsClassesPerStep } = config();
  const { positions, round } = classBlock(phase.classes.length, mnemonicsClassesPerStep, i, seed, ['blocks', 'new', phase.phase]);
  return { classes: new Set(positions.map((at) => phase.classes[at]?.index ?? -1)), number: round + 1 };
}

/**
 * A full batch of the phase's data: the next one of the epoch where all classes take part; else one drawn anew from the
 * block's classes, filled up from its beginning where they have too few images.
 */
function rowsOfUpdate({ config, phase }: StageContext, examples: Examples, classes: ReadonlySet<number>, i: number): Int32Array {
  const { mnemonicsBatchSize: size, seed } = config();
  const stream = ['mnemonics-new', phase.phase];
  if (classes.size === phase.classes.length) return filledRowsOfStep(examples.classes.length, size, i, seed, stream);
  const candidates = [...examples.classes.keys()].filter((row) => classes.has(examples.classes[row] ?? -1));
  return filledRowsOfStep(candidates.length, size, 0, seed, [...stream, 'block', i]).map((at) => candidates[at] ?? -1);
}
