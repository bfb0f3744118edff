import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Model } from '../../src/learning/model';
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
    /** A model's parameters and what does not train, under a prefix. */
    model(prefix: string): Model {
      const all = group(prefix);
      const isBuffer = (key: string) =>
        /running_|^bias_correction/.test(key) || (key.endsWith('.weight') && key.replace(/weight$/, 'transfer_scale') in all);
      const part = (buffers: boolean) => Object.fromEntries(Object.entries(all).filter(([key]) => isBuffer(key) === buffers));
      return { params: part(false), buffers: part(true) };
    },
  };
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const expected = Array.from(b);
  return Math.hypot(...expected.map((value, i) => value - (a[i] ?? NaN))) / Math.hypot(...expected);
}

/** Fails where the relative error is larger. */
export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, limit: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const error = relativeError(actual, expected);
  if (process.env['SHOW_ERRORS']) process.stdout.write(`        ${what}: ${error.toExponential(1)}\n`);
  assert.ok(error <= limit, `${what}: relative error ${error}`);
}
