import { disposeNamed, mapNamed, type NamedTensors } from '../ops/namedTensors';

/** Weights by PyTorch's names. Convolutions are [kernel, kernel, in, out] in memory, [out, in, kernel, kernel] in files. */
export interface Model {
  /** What is trained. `fc.weight` is [classes, features]. */
  readonly params: NamedTensors;
  /** What is not: running statistics of batch norm, kernels frozen by weight transfer, the bias correction. */
  readonly buffers: NamedTensors;
}

/** The same weights by handles of its own, so that either can be disposed. */
export function copyOfModel({ params, buffers }: Model): Model {
  const copy = (tensors: NamedTensors) => mapNamed(tensors, (t) => t.clone());
  return { params: copy(params), buffers: copy(buffers) };
}

export function disposeModel({ params, buffers }: Model): void {
  disposeNamed(params);
  disposeNamed(buffers);
}

/** An array with a shape: what weights are before an engine holds them. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type PlainTensors = Readonly<Record<string, PlainTensor>>;

/** A model before an engine holds it. */
export interface PlainModel {
  readonly params: PlainTensors;
  readonly buffers: PlainTensors;
}
