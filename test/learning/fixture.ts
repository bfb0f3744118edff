import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Model } from '../../src/learning/network';
import { readSafetensors, arrayOf } from '../../src/store/readSafetensors';

/** A file of test/fixtures, made there by PyTorch: its tensors on the engine, convolutions in our layout. */
export async function readFixture(name: string) {
  const path = join(__dirname, '../fixtures', name);
  const { tensors, metadata } = await readSafetensors(path);
  const floats = (tensor: string): Float32Array => arrayOf(tensors, tensor, 'F32', path).data;
  const tensor = (tensorName: string): tf.Tensor => {
    const plain = tf.tensor(floats(tensorName), [...(tensors.get(tensorName)?.shape ?? [])]);
    // Only convolutions of a network have PyTorch's layout; images are written as ours.
    return plain.rank === 4 && tensorName.includes('/') ? tf.transpose(plain, [2, 3, 1, 0]) : plain;
  };
  const group = (prefix: string) =>
    Object.fromEntries([...tensors.keys()].filter((key) => key.startsWith(prefix)).map((key) => [key.slice(prefix.length), tensor(key)]));
  return {
    number: (key: string) => Number(metadata[key]),
    floats,
    integers: (key: string) => arrayOf(tensors, key, 'I32', path).data,
    tensor,
    group,
    /** Parameters and running statistics under a prefix. */
    model(prefix: string): Model {
      const all = Object.entries(group(prefix));
      const part = (running: boolean) => Object.fromEntries(all.filter(([key]) => key.includes('running_') === running));
      return { params: part(false), buffers: part(true) };
    },
  };
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const expected = Array.from(b);
  return Math.hypot(...expected.map((value, i) => value - (a[i] ?? NaN))) / Math.hypot(...expected);
}
