import { tensor } from '@tensorflow/tfjs-core';
import type { ImageSource } from '../../data/imageSource';
import { EVALUATION_BATCH } from '../../learning/plan';
import { readRange } from '../batches';
import { imageSize, type ImageShape } from '../exemplarMemory';
import type { CompiledSteps } from '../compiledSteps';
import { valuesOf } from '../tensorData';
import type { Model } from '../../learning/model';

/** Features [n, d] and logits [n, classes] of images. */
export interface Predictions {
  readonly features: Float32Array;
  readonly logits: Float32Array;
}

/**
 * What the model says of images `from` … `from + count − 1`, at most one evaluation batch of them. The batch is always
 * full, since running statistics let no image touch another; what fills it is cut off.
 */
export async function predictBatch(
  steps: CompiledSteps,
  model: Model,
  source: ImageSource,
  shape: ImageShape,
  from: number,
  count: number,
): Promise<Predictions> {
  const size = imageSize(shape);
  const pixels = await pixelsAhead(source, size, from, count);
  const images = tensor(pixels, [EVALUATION_BATCH, shape.height, shape.width, shape.channels]);
  const output = steps.predict({ params: model.params, buffers: model.buffers, images });
  const [features, logits] = [await valuesOf(output.features), await valuesOf(output.logits)];
  for (const t of [images, output.features, output.logits]) t.dispose();
  return {
    features: features.slice(0, (features.length / EVALUATION_BATCH) * count),
    logits: logits.slice(0, (logits.length / EVALUATION_BATCH) * count),
  };
}

/** For sources that decode files: the batch that the workers have begun while the engine is at work on the one before. */
const begun = new WeakMap<ImageSource, { readonly from: number; readonly pixels: Promise<Float32Array> }>();

async function pixelsAhead(source: ImageSource, size: number, from: number, count: number): Promise<Float32Array> {
  const begin = (at: number, images: number) => readRange(source, size, at, images, new Float32Array(EVALUATION_BATCH * size));
  const earlier = begun.get(source);
  const pixels = await (earlier?.from === from ? earlier.pixels : begin(from, count));
  begun.delete(source);
  const next = from + count;
  if (source.decodes && next < source.count) {
    const later = begin(next, Math.min(EVALUATION_BATCH, source.count - next));
    // Told to whoever asks for it; a run that stops before that doesn't.
    later.catch(() => undefined);
    begun.set(source, { from: next, pixels: later });
  }
  return pixels;
}

/** The same for all images of a source. */
export async function predictAll(steps: CompiledSteps, model: Model, source: ImageSource, shape: ImageShape): Promise<Predictions> {
  const parts: Predictions[] = [];
  for (let from = 0; from < source.count; from += EVALUATION_BATCH) {
    parts.push(await predictBatch(steps, model, source, shape, from, Math.min(EVALUATION_BATCH, source.count - from)));
  }
  return { features: concatenated(parts.map((p) => p.features)), logits: concatenated(parts.map((p) => p.logits)) };
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
