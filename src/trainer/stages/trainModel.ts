import { floatImages, joined } from '../../data/imageSource';
import { batchesPerEpoch } from '../../learning/epochs';
import { RandomStream } from '../../learning/randomStreams';
import type { Model } from '../../learning/model';
import type { TrainingInputs, TrainingOutputs } from '../../learning/trainingStep';
import { named } from '../../ops/namedTensors';
import type { Config } from '../../protocol/config';
import type { InnerStart } from '../../protocol/words';
import { batchesAhead, rowsOfStep, type Examples } from '../batches';
import { imageSize } from '../exemplarMemory';
import { growModel } from '../growModel';
import { chosenExamples, splitExemplars, splitNewImages } from '../heldOut';
import { toPlain, zerosFor } from '../tensorData';
import { assertFinite, classesSeen, type StageContext, type StageRun, type StageStart } from './stage';
import { trainOnBatch } from './trainOnBatch';

/** A learning rate after `epoch` whole epochs: divided by ten after each milestone. */
const steppedRate = (rate: number, milestones: readonly number[], epoch: number): number =>
  rate / 10 ** milestones.filter((milestone) => epoch >= milestone).length;

/** Phase 0 and later ones, (6): the phase's own data and all exemplars, with the host's loss. In a later phase the classifier grows first. */
export const startTraining: StageStart = async (context, fromStep) => {
  const { plan, phase, state, steps } = context;
  const seen = classesSeen(plan, phase.phase);
  // By the model, not by the step: a resume point may stand between growing and the first step.
  if ((named(state.model.params, 'fc.weight').shape[0] ?? 0) < seen) await growModel(context);
  const { train: fresh } = splitNewImages(context, phase.classes);
  // By the state, not by the step, for the same reason.
  if (learnsFrom(context.config(), 'phase-start') && state.snapshots.length === 0) state.keepSnapshot();
  const counts = { old: seen - phase.classes.length, new: phase.classes.length };
  const old = exemplarsToTrainOn(context, counts.old);
  const examples: Examples = {
    images: joined(fresh.images, old.images),
    classes: Int32Array.from([...fresh.classes, ...old.classes]),
  };
  return trainOver(context, fromStep, {
    examples,
    seen,
    step: steps.train,
    learningRate: (epoch) => steppedRate(context.config().alpha1, context.config().alpha1Milestones, epoch),
    scalars: () => steps.host.scalars(context.config(), counts),
    distil: state.oldModel !== null,
    stream: 'train',
    onEpoch: (epoch) => {
      if (learnsFrom(context.config(), 'trajectory') && isKept(epoch, context.config().epochs)) state.keepSnapshot(SNAPSHOTS);
    },
    // Where a change to the epochs done has ended the stage, none was due at its end.
    onEnd: async () => {
      if (learnsFrom(context.config(), 'trajectory') && !(await isSameModel(state.snapshots.at(-1), state.model)))
        state.keepSnapshot(SNAPSHOTS);
    },
  });
};

/** Balanced fine-tuning: L_c on E_{0:i}, the same number of images of each class. */
export const startFineTuning: StageStart = async (context, fromStep) => {
  const seen = classesSeen(context.plan, context.phase.phase);
  return trainOver(context, fromStep, {
    examples: exemplarsToTrainOn(context, seen),
    seen,
    step: context.steps.fineTune,
    learningRate: (epoch) => steppedRate(context.config().fineTuneAlpha, context.config().fineTuneMilestones, epoch),
    scalars: () => ({}),
    distil: false,
    stream: 'fine-tune',
  });
};

/** Exemplars of the first `seen` classes but those held out, each class the same number. */
function exemplarsToTrainOn(context: StageContext, seen: number): Examples {
  const { memory } = context.state;
  const all: Examples = { images: floatImages(memory.after, imageSize(context.data)), classes: memory.classes };
  return chosenExamples(all, splitExemplars(context, 0, seen).train);
}

interface TrainingJob {
  readonly examples: Examples;
  readonly seen: number;
  readonly step: (inputs: TrainingInputs) => TrainingOutputs;
  readonly learningRate: (epoch: number) => number;
  /** The host's numbers as they stand. */
  readonly scalars: () => Readonly<Record<string, number>>;
  readonly distil: boolean;
  /** Names the job's random streams. */
  readonly stream: string;
  /** After each epoch, numbered from 0. */
  readonly onEpoch?: (epoch: number) => void;
  readonly onEnd?: () => Promise<void>;
}

const learnsFrom = (config: Config, start: InnerStart): boolean => config.exemplarMethod === 'mnemonics' && config.innerStart === start;

/**
 * At most eight epochs evenly over all, the last one among them: they lie in memory and in every resume point. Where the epochs change
 * in mid-stage, those to come are taken as if there had been as many from the beginning, and the newest eight stay.
 */
const SNAPSHOTS = 8;
function isKept(epoch: number, epochs: number): boolean {
  const kept = Math.min(SNAPSHOTS, epochs);
  return Math.floor(((epoch + 1) * kept) / epochs) > Math.floor((epoch * kept) / epochs);
}

async function isSameModel(a: Model | undefined, b: Model): Promise<boolean> {
  if (!a) return false;
  const [params, others] = [await toPlain(a.params), await toPlain(b.params)];
  return Object.entries(others).every(([name, { data }]) => data.every((value, i) => value === params[name]?.data[i]));
}

async function trainOver(context: StageContext, fromStep: number, job: TrainingJob): Promise<StageRun> {
  const { data, state, phase } = context;
  const { examples, seen, distil, stream } = job;
  if (fromStep === 0) state.replaceMomentum(zerosFor(state.model.params));
  const count = examples.classes.length;
  const batchOf = batchesAhead(examples, { data, seen }, (i) => {
    const { batchSize, seed, augmentation } = context.config();
    return {
      rows: rowsOfStep(count, batchSize, i, seed, [stream, phase.phase]),
      augment: augmentation,
      random: new RandomStream(seed, 'augment', stream, phase.phase, i),
    };
  });
  return {
    async step(i) {
      const config = context.config();
      const { images, oneHot } = await batchOf(i);
      const perEpoch = batchesPerEpoch(count, config.batchSize);
      const epoch = Math.floor(i / perEpoch);
      const numbers = { learningRate: job.learningRate(epoch), scalars: job.scalars() };
      const loss = await trainOnBatch(state, job.step, { images, oneHot }, numbers, distil ? state.oldModel : null);
      const size = images.shape[0] ?? 0;
      for (const t of [images, oneHot]) t.dispose();
      if ((i + 1) % perEpoch === 0) job.onEpoch?.(epoch);
      return { loss, images: size };
    },
    async end() {
      state.replaceMomentum(null);
      // The loss of a step is that before its update: the last update shows here.
      for (const { data } of Object.values(await toPlain(state.model.params))) assertFinite(data);
      await job.onEnd?.();
    },
  };
}
