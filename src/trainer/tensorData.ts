import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { PlainTensors } from '../learning/model';
import { mapNamed, type NamedTensors } from '../ops/namedTensors';
import { float32, type TensorData } from '../store/dtypes';

/** Reads a tensor's values, and says so where they are not float32. */
export async function valuesOf(t: Tensor): Promise<Float32Array> {
  const data = await t.data();
  if (!(data instanceof Float32Array)) throw new Error(`Expected float32, found ${t.dtype}`);
  return data;
}

/** Reads a single number. */
export async function scalarOf(t: Tensor): Promise<number> {
  return (await valuesOf(t))[0] ?? NaN;
}

/** Hands arrays to the engine. */
export function toTensors(plain: PlainTensors): NamedTensors {
  return Object.fromEntries(Object.entries(plain).map(([name, { data, shape }]) => [name, tensor(data, [...shape])]));
}

/** Copies tensors out of the engine. */
export async function toPlain(tensors: NamedTensors): Promise<PlainTensors> {
  const entries = Object.entries(tensors).map(async ([name, t]) => [name, { shape: t.shape, data: await valuesOf(t) }] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Zeros of the same shapes. */
export const zerosFor = (tensors: NamedTensors): NamedTensors => mapNamed(tensors, (t) => tensor(new Float32Array(t.size), t.shape));

/** Adds tensors to a file's content under a prefix. */
export async function addToFile(file: Map<string, TensorData>, prefix: string, tensors: NamedTensors): Promise<void> {
  for (const [name, { shape, data }] of Object.entries(await toPlain(tensors))) file.set(prefix + name, float32(shape, data));
}

/** The tensors of a file whose names begin with a prefix, which is taken off. */
export function plainFromFile(file: ReadonlyMap<string, TensorData>, prefix: string): PlainTensors {
  const result: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
  for (const [name, { dtype, shape, data }] of file) {
    if (name.startsWith(prefix) && dtype === 'F32') result[name.slice(prefix.length)] = { shape, data };
  }
  return result;
}
