import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { augmentation, blackOf } from '../data/augmentation';
import type { DataSet } from '../data/dataSet';
import { byteImages, type ImageSource } from '../data/imageSource';
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
    images: byteImages(images, imageSize(data), chosen, data),
    classes: chosen.map((i) => indexOfLabel.get(labels[i] ?? -1) ?? -1),
  };
}

/** A batch on the engine, [n, H, W, C] and [n, classes seen]; the caller disposes both. */
export type Batch = { readonly images: Tensor; readonly oneHot: Tensor };

export interface BatchOptions {
  readonly data: DataSet;
  readonly seen: number;
  readonly augment: Config['augmentation'];
  readonly random: RandomStream;
}

/** Writes the chosen examples into a batch, augmented by the stream. */
export function makeBatch({ images, classes }: Examples, rows: ArrayLike<number>, { data, seen, augment, random }: BatchOptions): Batch {
  const size = imageSize(data);
  const pixels = new Float32Array(rows.length * size);
  const change = augmentation(augment, { ...data, black: blackOf(data) });
  for (let i = 0; i < rows.length; i++) {
    images.write(rows[i] ?? 0, pixels, i * size);
    change(pixels, i * size, random);
  }
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
 * Which examples step `step` sees: each epoch goes once over all of them in an order of its own; its last batch is what is
 * left, or, where batches must be full, is filled up from the order's beginning.
 * @param stream names the order's random stream; the epoch's number is appended
 */
export function rowsOfStep(
  count: number,
  batchSize: number,
  step: number,
  seed: number,
  stream: readonly (string | number)[],
  full = false,
): Int32Array {
  const perEpoch = Math.ceil(count / batchSize);
  const epoch = Math.floor(step / perEpoch);
  const order = new RandomStream(seed, ...stream, epoch).permutation(count);
  const start = (step % perEpoch) * batchSize;
  const rows = order.subarray(start, Math.min(count, start + batchSize));
  if (!full || rows.length === batchSize) return rows;
  return Int32Array.from({ length: batchSize }, (_, i) => order[(start + i) % count] ?? 0);
}
