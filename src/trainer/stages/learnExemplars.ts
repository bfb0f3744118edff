import { scalar, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { adamCorrections, type ExemplarState } from '../../learning/exemplarOptimizers';
import { hypergradient } from '../../learning/hypergradient';
import { RandomStream } from '../../learning/randomStreams';
import { examplesOf, makeBatch, oneHot, rowsOfStep, type Batch } from '../batches';
import { scalarOf, valuesOf } from '../tensorData';
import { assertFinite, classesSeen, type StageContext, type StageStart } from './stage';

/** (9): the exemplars of the phase's classes, one update for each batch of the phase's data. */
export const startLearningNew: StageStart = async (context, fromStep) => {
  const { data, phase, state, plan } = context;
  const seen = classesSeen(plan, phase.phase);
  const first = seen - phase.classes.length;
  const rows = state.memory.rowsOf(first, seen);
  const labels = classesOf(context, rows);
  const examples = examplesOf(data, 'train', phase.classes);
  if (fromStep === 0) state.replaceLearning('new', freshState(context, rows));
  return {
    async step(i) {
      const config = context.config();
      const { mnemonicsBatchSize: size, seed, beta1 } = config;
      const chosen = rowsOfStep(examples.classes.length, size, i, seed, ['mnemonics-new', phase.phase], true);
      const random = new RandomStream(seed, 'augment', 'mnemonics-new', phase.phase, i);
      const batch = makeBatch(examples, chosen, { data, seen, augment: 'none', random });
      const epoch = Math.floor(i / Math.ceil(examples.classes.length / size));
      const loss = await updateExemplars(
        context,
        { set: 'new', labels, seen, beta: halved(beta1, epoch, config.betaHalvingEpochs), update: i + 1 },
        batch,
      );
      disposeBatch(batch);
      return { loss, images: size + 2 * config.innerSteps * rows.length };
    },
    end: async () => store(context, 'new', rows),
  };
};

/** (10a), (10b): the exemplars of earlier classes, in two halves that each class shares evenly; each is updated through the loss on the other. */
export const startLearningOld: StageStart = async (context, fromStep) => {
  const { phase, state, plan } = context;
  const seen = classesSeen(plan, phase.phase);
  const halves = evenHalves(context, seen - phase.classes.length);
  for (const half of ['a', 'b'] as const) {
    if (fromStep === 0) state.replaceLearning(half, freshState(context, halves[half]));
  }
  return {
    async step(i) {
      const config = context.config();
      const beta = halved(config.beta2, i, config.betaHalvingEpochs);
      const losses: number[] = [];
      for (const [half, other] of [
        ['a', 'b'],
        ['b', 'a'],
      ] as const) {
        const target: Batch = { images: learned(context, other).exemplars, oneHot: oneHot(classesOf(context, halves[other]), seen) };
        losses.push(
          await updateExemplars(context, { set: half, labels: classesOf(context, halves[half]), seen, beta, update: i + 1 }, target),
        );
        target.oneHot.dispose();
      }
      const [first = 0, second = 0] = losses;
      return { loss: (first + second) / 2, images: (1 + 2 * config.innerSteps) * (halves.a.length + halves.b.length) };
    },
    async end() {
      await store(context, 'a', halves.a);
      await store(context, 'b', halves.b);
    },
  };
};

interface Update {
  readonly set: string;
  /** Class index of each exemplar of the set. */
  readonly labels: Int32Array;
  readonly seen: number;
  readonly beta: number;
  /** 1, 2, … within the stage. */
  readonly update: number;
}

/** One hypergradient and one step of the exemplar optimiser. @returns L_c(Θ'(E); target) before the update */
async function updateExemplars(context: StageContext, { set, labels, seen, beta, update }: Update, target: Batch): Promise<number> {
  const { state, steps } = context;
  const { alpha2, innerSteps } = context.config();
  const learning = learned(context, set);
  const corrections = adamCorrections(update);
  const scalars = { step: scalar(beta), firstCorrection: scalar(corrections.first), secondCorrection: scalar(corrections.second) };
  const innerLearningRate = scalar(alpha2);
  const exemplarsOneHot = oneHot(labels, seen);
  const { gradient, loss } = hypergradient(steps.hypergradient, {
    model: state.model,
    exemplars: learning.exemplars,
    exemplarsOneHot,
    images: target.images,
    imagesOneHot: target.oneHot,
    innerSteps,
    innerLearningRate,
  });
  state.replaceLearning(set, steps.updateExemplars({ ...learning, gradient, ...scalars }));
  const value = await scalarOf(loss);
  for (const t of [gradient, loss, innerLearningRate, exemplarsOneHot, ...Object.values(scalars)]) t.dispose();
  return value;
}

/** β after `epoch` epochs. */
const halved = (beta: number, epoch: number, every: number): number => beta / 2 ** Math.floor(epoch / every);

function learned({ state }: StageContext, set: string): ExemplarState {
  const learning = state.learning.get(set);
  if (!learning) throw new Error(`No exemplars ${set} are being learned`);
  return learning;
}

function freshState({ state, data: { height, width, channels } }: StageContext, rows: readonly number[]): ExemplarState {
  const shape = [rows.length, height, width, channels];
  const pixels = state.memory.gather(rows);
  const zeros = (): Tensor => tensor(new Float32Array(pixels.length), shape);
  return { exemplars: tensor(pixels, shape), firstMoment: zeros(), secondMoment: zeros() };
}

async function store(context: StageContext, set: string, rows: readonly number[]): Promise<void> {
  const pixels = await valuesOf(learned(context, set).exemplars);
  assertFinite(pixels);
  context.state.memory.scatter(rows, pixels);
  context.state.replaceLearning(set, null);
}

const classesOf = ({ state }: StageContext, rows: readonly number[]): Int32Array =>
  Int32Array.from(rows, (row) => state.memory.classes[row] ?? -1);

/** Each class's exemplars dealt to two halves by a stream of the phase; an odd one goes to B. */
function evenHalves({ state, phase, config }: StageContext, oldClasses: number): { a: number[]; b: number[] } {
  const a: number[] = [];
  const b: number[] = [];
  for (let c = 0; c < oldClasses; c++) {
    const rows = state.memory.rowsOf(c, c + 1);
    const order = new RandomStream(config().seed, 'halves', phase.phase, c).permutation(rows.length);
    order.forEach((at, i) => (i < Math.floor(rows.length / 2) ? a : b).push(rows[at] ?? -1));
  }
  return { a, b };
}

function disposeBatch({ images, oneHot: labels }: Batch): void {
  images.dispose();
  labels.dispose();
}
