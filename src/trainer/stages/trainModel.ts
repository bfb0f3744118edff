import { scalar, type Tensor } from '@tensorflow/tfjs-core';
import { floatImages, joined } from '../../data/imageSource';
import { growClassifier } from '../../learning/initialWeights';
import { RandomStream } from '../../learning/randomStreams';
import type { TrainingInputs, TrainingOutputs } from '../../learning/trainingStep';
import { mapNamed, named } from '../../ops/namedTensors';
import type { Config } from '../../protocol/config';
import { examplesOf, makeBatch, rowsOfStep, type Examples } from '../batches';
import { imageSize } from '../exemplarMemory';
import { scalarOf, toPlain, toTensors, zerosFor } from '../tensorData';
import { assertFinite, classesSeen, type StageContext, type StageRun, type StageStart } from './stage';

/** α1 after `epoch` whole epochs: divided by ten after each milestone. */
export const alpha1At = (config: Config, epoch: number): number =>
  config.alpha1 / 10 ** config.alpha1Milestones.filter((milestone) => epoch >= milestone).length;

/** Phase 0 and later ones, (6): the phase's own data and all exemplars, with the host's loss. In a later phase the classifier grows first. */
export const startTraining: StageStart = async (context, fromStep) => {
  const { data, plan, phase, state, steps } = context;
  const seen = classesSeen(plan, phase.phase);
  // By the model, not by the step: a resume point may stand between growing and the first step.
  if (named(state.model.params, 'fc.bias').size < seen) await growModel(context, seen);
  const fresh = examplesOf(data, 'train', phase.classes);
  const { memory } = state;
  const examples: Examples = {
    images: joined(fresh.images, floatImages(memory.after, imageSize(data))),
    classes: Int32Array.from([...fresh.classes, ...memory.classes]),
  };
  return trainOver(context, fromStep, {
    examples,
    seen,
    step: steps.train,
    learningRate: (epoch) => alpha1At(context.config(), epoch),
    distil: state.oldModel !== null,
    stream: 'train',
  });
};

/** Balanced fine-tuning: L_c on E_{0:i}, the same number of images of each class. */
export const startFineTuning: StageStart = async (context, fromStep) => {
  const { memory } = context.state;
  const examples: Examples = { images: floatImages(memory.after, imageSize(context.data)), classes: memory.classes };
  const seen = classesSeen(context.plan, context.phase.phase);
  return trainOver(context, fromStep, {
    examples,
    seen,
    step: context.steps.fineTune,
    learningRate: () => context.config().fineTuneAlpha,
    distil: false,
    stream: 'fine-tune',
  });
};

interface TrainingJob {
  readonly examples: Examples;
  readonly seen: number;
  readonly step: (inputs: TrainingInputs) => TrainingOutputs;
  readonly learningRate: (epoch: number) => number;
  readonly distil: boolean;
  /** Names the job's random streams. */
  readonly stream: string;
}

async function trainOver(context: StageContext, fromStep: number, job: TrainingJob): Promise<StageRun> {
  const { data, state, phase } = context;
  const { examples, seen, distil, stream } = job;
  if (fromStep === 0) state.replaceMomentum(zerosFor(state.model.params));
  return {
    async step(i) {
      const config = context.config();
      const count = examples.classes.length;
      const rows = rowsOfStep(count, config.batchSize, i, config.seed, [stream, phase.phase]);
      const random = new RandomStream(config.seed, 'augment', stream, phase.phase, i);
      const { images, oneHot } = makeBatch(examples, rows, { data, seen, augment: config.augmentation, random });
      const epoch = Math.floor(i / Math.ceil(count / config.batchSize));
      const scalars = {
        learningRate: scalar(job.learningRate(epoch)),
        lambda: scalar(config.lambda),
        temperature: scalar(config.temperature),
      };
      const { params, buffers } = state.model;
      const momentum = state.momentum;
      if (!momentum) throw new Error('Training has no momentum');
      const old = distil ? state.oldModel : null;
      const inputs: TrainingInputs = { params, buffers, momentum, images, oneHot, ...scalars };
      const next = job.step(old ? { ...inputs, oldParams: old.params, oldBuffers: old.buffers } : inputs);
      disposeAll(images, oneHot, ...Object.values(scalars));
      state.replaceModel({ params: next.params, buffers: next.buffers });
      state.replaceMomentum(next.momentum);
      const loss = await scalarOf(next.loss);
      next.loss.dispose();
      return { loss, images: rows.length };
    },
    async end() {
      state.replaceMomentum(null);
      // The loss of a step is that before its update: the last update shows here.
      for (const { data } of Object.values(await toPlain(state.model.params))) assertFinite(data);
    },
  };
}

/** Θ_i ← Θ_{i−1} with a grown classifier; Θ_{i−1} stays for distillation. */
async function growModel({ steps, state, config }: StageContext, seen: number): Promise<void> {
  const { params, buffers } = state.model;
  const copy = (t: Tensor) => t.clone();
  if (state.oldModel) for (const tensors of [state.oldModel.params, state.oldModel.buffers]) disposeAll(...Object.values(tensors));
  state.oldModel = { params: mapNamed(params, copy), buffers: mapNamed(buffers, copy) };
  const grown = toTensors(growClassifier(await toPlain(params), steps.shape.channels[2], seen, config().seed));
  state.replaceModel({ params: mapNamed(params, (t, name) => grown[name] ?? t.clone()), buffers: mapNamed(buffers, copy) });
}

function disposeAll(...tensors: Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}
