import { scalar, tensor } from '@tensorflow/tfjs-core';
import { blockCount, classBlock } from '../../../learning/classBlocks';
import { RandomStream } from '../../../learning/randomStreams';
import { temporaryModelLoss } from '../../../learning/temporaryModelLoss';
import type { ClassInfo } from '../../../protocol/events';
import { examplesOf, makeBatch, type Batch } from '../../batches';
import { imageSize } from '../../exemplarMemory';
import { gatherRows } from '../../imageRows';
import { scalarOf } from '../../tensorData';
import { classesSeen, partByPart, type StageContext } from '../stage';
import { disposeBatch } from './disposeBatch';
import { innerLoop } from './innerLoop';

/** Exemplars of some classes whose versions are to be compared. */
export interface Measured<V extends string> {
  readonly classes: readonly ClassInfo[];
  /** Rows of the memory that train one temporary model in an update: those of the phase in (9), one half in (10). */
  readonly rows: readonly number[];
  /** Every row of the memory, in each version. */
  readonly versions: Readonly<Record<V, Float32Array>>;
}

/**
 * L_c(Θ'(E); D) of each version of the exemplars: the objective of (9) and (10), with one batch of *test* images of their
 * classes in the place of D. Test images, so that learning loses none of its data to the measurement; nothing in a run
 * depends on the result. Every version meets the same temporary models' starts, the same blocks of classes (one, unless
 * `mnemonicsClassesPerStep` cuts them) and the same images. Mean over blocks; null where it is not a number.
 * @throws StepAbandoned where the run is to stop
 */
export async function measureLosses<V extends string>(
  context: StageContext,
  { classes, rows, versions }: Measured<V>,
): Promise<Record<V, number | null>> {
  const names = Object.keys(versions) as V[];
  const totals = Object.fromEntries(names.map((name) => [name, 0])) as Record<V, number>;
  const { seed, mnemonicsClassesPerStep: perStep } = context.config();
  const blocks = blockCount(classes.length, perStep);
  for (let b = 0; b < blocks; b++) {
    const { positions } = classBlock(classes.length, perStep, b, seed, ['blocks', 'measured']);
    const block = positions.flatMap((at) => classes[at] ?? []);
    const batch = await testBatch(context, block);
    for (const name of names) totals[name] += await lossOf(context, versions[name], rowsOf(context, rows, block), batch, b);
    disposeBatch(batch);
  }
  const mean = (total: number) => (Number.isFinite(total) ? total / blocks : null);
  return Object.fromEntries(names.map((name) => [name, mean(totals[name])])) as Record<V, number | null>;
}

/** As many test images as an update sees training images, or all there are, dealt evenly to the classes by a stream of their own. */
async function testBatch({ data, config, plan, phase }: StageContext, classes: readonly ClassInfo[]): Promise<Batch> {
  const { seed, mnemonicsBatchSize: size } = config();
  const examples = examplesOf(data, 'test', classes);
  const ofClass = classes.map(({ index }) => {
    const rows = [...examples.classes.keys()].filter((row) => examples.classes[row] === index);
    return [...new RandomStream(seed, 'measured', index).permutation(rows.length)].map((at) => rows[at] ?? -1);
  });
  const most = Math.max(...ofClass.map((rows) => rows.length));
  const dealt = Array.from({ length: most }, (_, i) => ofClass.flatMap((rows) => rows[i] ?? [])).flat();
  const random = new RandomStream(seed, 'measured');
  return makeBatch(examples, dealt.slice(0, size), { data, seen: classesSeen(plan, phase.phase), augment: 'none', random });
}

/** Those of the rows that are of the given classes. */
function rowsOf({ state }: StageContext, rows: readonly number[], classes: readonly ClassInfo[]): number[] {
  const indices = new Set<number>(classes.map(({ index }) => index));
  return rows.filter((row) => indices.has(state.memory.classes[row] ?? -1));
}

async function lossOf(context: StageContext, version: Float32Array, rows: readonly number[], batch: Batch, block: number): Promise<number> {
  const { state, steps, data, plan, phase, config } = context;
  const { height, width, channels } = data;
  const exemplars = tensor(gatherRows(version, imageSize(data), rows), [rows.length, height, width, channels]);
  const classes = Int32Array.from(rows, (row) => state.memory.classes[row] ?? -1);
  const random = new RandomStream(config().seed, 'inner', 'measured', phase.phase, block);
  const inner = await innerLoop(context, exemplars, classes, classesSeen(plan, phase.phase), random);
  const innerLearningRate = scalar(config().alpha2);
  const parts = temporaryModelLoss(steps.hypergradient, {
    model: inner.start,
    exemplars: inner.images,
    exemplarsOneHot: inner.oneHot,
    images: batch.images,
    imagesOneHot: batch.oneHot,
    innerSteps: config().innerSteps,
    innerLearningRate,
  });
  const loss = await partByPart(context, parts);
  const value = await scalarOf(loss);
  inner.dispose();
  for (const t of [loss, innerLearningRate, exemplars]) t.dispose();
  return value;
}
