import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { augmentation, blackOf } from '../data/augmentation';
import type { DataSet } from '../data/dataSet';
import { storedImages, type ImageSource } from '../data/imageSource';
import { batchesPerEpoch, filledBatchesPerEpoch } from '../learning/epochs';
import { RandomStream } from '../learning/randomStreams';
import type { Config } from '../protocol/config';
import type { ClassInfo } from '../protocol/events';
import { imageSize } from './exemplarMemory';

/** Images with the class index of each: what an epoch goes over. */
export interface Examples {
  readonly images: ImageSource;
  readonly classes: Int32Array;
}

/** The part's images of the given classes, in the data set's order. */
export function examplesOf(data: DataSet, part: 'train' | 'test', classes: readonly ClassInfo[]): Examples {
  const indexOfLabel = new Map(classes.map(({ label, index }) => [label as number, index]));
  const { images, labels } = data[part];
  const chosen = Int32Array.from(labels.keys()).filter((i) => indexOfLabel.has(labels[i] ?? -1));
  return {
    images: storedImages(images, imageSize(data), chosen, data),
    classes: chosen.map((i) => indexOfLabel.get(labels[i] ?? -1) ?? -1),
  };
}

/** A batch on the engine, [n, H, W, C] and [n, classes seen]; the caller disposes both. */
export type Batch = { readonly images: Tensor; readonly oneHot: Tensor };

/** What a batch is made of, known before any image is read. */
export interface PlannedBatch {
  readonly rows: ArrayLike<number>;
  readonly augment: Config['augmentation'];
  /** What augmentation draws from. */
  readonly random: RandomStream;
}

export interface BatchOptions extends PlannedBatch {
  readonly data: DataSet;
  readonly seen: number;
}

/** Reads the chosen examples into a batch, augmented by the stream. */
export async function makeBatch(examples: Examples, rows: ArrayLike<number>, options: Omit<BatchOptions, 'rows'>): Promise<Batch> {
  return toBatch(examples, rows, await readPixels(examples.images, { ...options, rows }, options.data), options);
}

/**
 * The batches of a stage, one a step. Where images are decoded from files, the batch after the one that is asked for is begun at
 * once: worker threads read, decode and crop it while the engine holds this thread for the step, so a step waits for images only
 * where the workers are slower than the engine. (How that is held: a test blocks this thread as a step does, takes the files away,
 * and has its batch.) Images in memory are normalised when their step comes, which costs little beside any step. What is read ahead
 * is a function of the step alone, so a run that stops or resumes anywhere sees the same batches.
 */
export function batchesAhead(
  examples: Examples,
  options: Pick<BatchOptions, 'data' | 'seen'>,
  plan: (step: number) => PlannedBatch,
): (step: number) => Promise<Batch> {
  const begin = (step: number) => {
    const planned = plan(step);
    const pixels = readPixels(examples.images, planned, options.data);
    // One that nobody comes to ask for, at a stage's end, may fail unheard.
    pixels.catch(() => undefined);
    return { step, rows: planned.rows, pixels };
  };
  let next: ReturnType<typeof begin> | null = null;
  return async (step) => {
    const current = next?.step === step ? next : begin(step);
    const pixels = await current.pixels;
    next = examples.images.decodes ? begin(step + 1) : null;
    return toBatch(examples, current.rows, pixels, options);
  };
}

/** [n, H, W, C]. Every image draws its change in the order of the rows; they may then come in any order. */
async function readPixels(images: ImageSource, { rows, augment, random }: PlannedBatch, data: DataSet): Promise<Float32Array> {
  const size = imageSize(data);
  const pixels = new Float32Array(rows.length * size);
  const draw = augmentation(augment, { ...data, black: blackOf(data) });
  const decoding: (Promise<void> | void)[] = [];
  for (let i = 0; i < rows.length; i++) decoding.push(images.write(rows[i] ?? 0, pixels, i * size, draw(random)));
  if (images.decodes) await Promise.all(decoding);
  return pixels;
}

/** Images `from` … `from + count − 1` as evaluation sees them, written into `pixels`. */
export async function readRange(
  images: ImageSource,
  size: number,
  from: number,
  count: number,
  pixels: Float32Array,
): Promise<Float32Array> {
  const decoding = Array.from({ length: count }, (_, i) => images.write(from + i, pixels, i * size));
  if (images.decodes) await Promise.all(decoding);
  return pixels;
}

function toBatch(
  { classes }: Examples,
  rows: ArrayLike<number>,
  pixels: Float32Array,
  { data, seen }: Pick<BatchOptions, 'data' | 'seen'>,
): Batch {
  const { height, width, channels } = data;
  return {
    images: tensor(pixels, [rows.length, height, width, channels]),
    oneHot: oneHot(
      Array.from(rows, (row) => classes[row] ?? -1),
      seen,
    ),
  };
}

/** [n, classes] with a 1 at each row's class index. */
export function oneHot(classes: ArrayLike<number>, count: number): Tensor {
  const values = new Float32Array(classes.length * count);
  for (let i = 0; i < classes.length; i++) values[i * count + (classes[i] ?? 0)] = 1;
  return tensor(values, [classes.length, count]);
}

/**
 * Which examples training step `step` sees: each epoch goes once over all of them in an order of its own; its last batch is what is left.
 * @param stream names the order's random stream; the epoch's number is appended
 */
export function rowsOfStep(count: number, batchSize: number, step: number, seed: number, stream: readonly (string | number)[]): Int32Array {
  const perEpoch = batchesPerEpoch(count, batchSize);
  const at = step % perEpoch;
  const order = orderOfEpoch(count, Math.floor(step / perEpoch), seed, stream);
  return order.subarray(at * batchSize, at === perEpoch - 1 ? count : (at + 1) * batchSize);
}

/** The same where each batch must be full: the last one is filled up from the order's beginning. */
export function filledRowsOfStep(
  count: number,
  batchSize: number,
  step: number,
  seed: number,
  stream: readonly (string | number)[],
): Int32Array {
  const perEpoch = filledBatchesPerEpoch(count, batchSize);
  const start = (step % perEpoch) * batchSize;
  const order = orderOfEpoch(count, Math.floor(step / perEpoch), seed, stream);
  return Int32Array.from({ length: batchSize }, (_, i) => order[(start + i) % count] ?? 0);
}

const orderOfEpoch = (count: number, epoch: number, seed: number, stream: readonly (string | number)[]): Int32Array =>
  new RandomStream(seed, ...stream, epoch).permutation(count);
