import * as tf from '@tensorflow/tfjs-core';
import { floatImages } from '../../data/imageSource';
import type { Engine } from '../../engine/engine';
import type { Ready } from '../../protocol/benchMessages';
import { EVALUATION_BATCH } from '../../learning/plan';
import { RandomStream } from '../../learning/randomStreams';
import { examplesOf, makeBatch } from '../batches';
import { imageSize } from '../exemplarMemory';
import { ExemplarSet } from '../stages/exemplars/exemplarSet';
import { updateExemplars } from '../stages/exemplars/updateExemplars';
import { predictBatch } from '../stages/predictions';
import { assertFinite, type StageContext } from '../stages/stage';
import { trainOnBatch } from '../stages/trainOnBatch';
import type { BenchCase, Measurement } from './benchCase';
import { elementwiseBytes, operationsOf } from './operations';
import { benchContext, imageSide } from './problem';

/** Something that can be measured again and again. */
export interface Measured extends Omit<Ready, 'engine'> {
  call(): Promise<void>;
  /** A shorter one that warms up all that `call` uses, and about what share of its work that is. */
  readonly brief?: { call(): Promise<void>; readonly share: number };
  /** Makes one batch as a run does, which `call` doesn't count. */
  prepare?(): Promise<void>;
}

/** Every measurement, one line each. */
const MEASURED: Readonly<Record<Measurement, (engine: Engine, bench: BenchCase) => Promise<Measured>>> = {
  training,
  evaluation,
  'outer-step': outerStep,
  'matrix-product': matrixProduct,
};

export const measured = (engine: Engine, bench: BenchCase): Promise<Measured> => MEASURED[bench.measurement](engine, bench);

const augmented = (context: StageContext, i: number) => ({
  data: context.data,
  seen: context.phase.classes.length,
  augment: context.config().augmentation,
  random: new RandomStream(context.config().seed, 'bench', i),
});

/** (6) in phase 0: a step of the run's training on a batch that is ready. */
async function training(engine: Engine, bench: BenchCase): Promise<Measured> {
  const context = benchContext(engine, bench);
  const { state, steps, config } = context;
  const examples = examplesOf(context.data, 'train', context.phase.classes);
  const rows = Int32Array.from({ length: bench.batch }, (_, i) => i);
  const batch = await makeBatch(examples, rows, augmented(context, 0));
  const scalars = steps.host.scalars(config(), { old: 0, new: bench.classes });
  const { training: operations } = operationsOf(steps.shape, imageSide(bench.network), bench.classes);
  let prepared = 0;
  return {
    images: bench.batch,
    gflop: (bench.batch * operations) / 1e9,
    elementwiseGigabytes: (bench.batch * elementwiseBytes(steps.shape, imageSide(bench.network))) / 1e9,
    // So small a rate that any number of repeats stays in range; it is an input of the step and changes nothing of its time.
    call: async () => assertFinite([await trainOnBatch(state, steps.train, batch, { learningRate: 1e-4, scalars }, null)]),
    async prepare() {
      const { images, oneHot } = await makeBatch(examples, rows, augmented(context, ++prepared));
      for (const t of [images, oneHot]) t.dispose();
    },
  };
}

/** Features and logits of a batch, as every look at a model in a run has them. */
async function evaluation(engine: Engine, bench: BenchCase): Promise<Measured> {
  const context = benchContext(engine, bench);
  const { state, steps, data } = context;
  const size = imageSize(data);
  const source = floatImages(new Float32Array(EVALUATION_BATCH * size).fill(0.5), size);
  const { forward } = operationsOf(steps.shape, imageSide(bench.network), bench.classes);
  return {
    images: EVALUATION_BATCH,
    gflop: (EVALUATION_BATCH * forward) / 1e9,
    async call() {
      const { logits } = await predictBatch(steps, state.model, source, data, 0, EVALUATION_BATCH);
      assertFinite(logits.subarray(0, bench.classes));
    },
  };
}

/** (9) once: K steps of (8), the exact gradient by m exemplars of the loss on n images, and the exemplars' update. */
async function outerStep(engine: Engine, bench: BenchCase): Promise<Measured> {
  const context = benchContext(engine, bench);
  const { state, phase } = context;
  state.replaceMomentum(null);
  const examples = examplesOf(context.data, 'train', phase.classes);
  const rows = Int32Array.from({ length: bench.data }, (_, i) => i);
  const batch = await makeBatch(examples, rows, { ...augmented(context, 0), augment: 'none' });
  const set = new ExemplarSet(context, 'new', [...state.memory.classes.keys()]);
  set.begin();
  const all = new Set(state.memory.classes);
  let number = 0;
  const throughSteps = (innerSteps: number) => async () => {
    const config = { ...context.config(), innerSteps };
    const taken = set.take(all);
    number++;
    const update = { seen: bench.classes, beta: config.beta1, number, stream: ['bench', number] };
    const { next, loss } = await updateExemplars({ ...context, config: () => config }, taken, batch, update);
    await taken.replace(next);
    assertFinite([loss]);
    taken.dispose();
  };
  return {
    images: 0,
    gflop: null,
    call: throughSteps(bench.innerSteps),
    ...(bench.innerSteps > 1 && { brief: { call: throughSteps(1), share: 1 / bench.innerSteps } }),
  };
}

/** A product of two square matrices, so large that memory has no part in its time: what the engine can compute in a second. */
async function matrixProduct(engine: Engine): Promise<Measured> {
  const n = engine.info.engine === 'native' ? 2048 : 512;
  const a = tf.randomNormal([n, n], 0, 1, 'float32', 1);
  const product = engine.compile('matrix product', ({ a: x }: { a: tf.Tensor }) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D));
  return {
    images: 0,
    gflop: (2 * n ** 3) / 1e9,
    async call() {
      const result = product({ a });
      await tf.slice(result, [0, 0], [1, 1]).data();
      result.dispose();
    },
  };
}
