import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { runShader, type Shader } from './programs';

/** Sums a run of rows, at most `count` of them. */
const SUM_OF_ROWS: Shader = {
  name: 'labSumOfRows',
  inputs: ['x'],
  uniforms: ['count', 'rows'],
  body: `
    let coords = getCoordsFromIndex(index);
    let end = min((coords[0] + 1) * uniforms.count, uniforms.rows);
    var total = 0.0;
    for (var row = coords[0] * uniforms.count; row < end; row = row + 1) { total = total + getX(row, coords[1]); }
    setOutputAtIndex(index, total);`,
};

/** Rows that one invocation adds: short runs keep many at work, and the rounding error of a long sum small. */
const RUN = 64;

/**
 * The sum over all axes but the last, [..., C] → [C], in a fixed order. tfjs's own would transpose the tensor first and then
 * give each channel to one group of invocations.
 */
export function sumOfRows(backend: WebGPUBackend, x: Tensor): Tensor1D {
  const columns = x.shape.at(-1) ?? 1;
  let partial: Tensor = tf.reshape(x, [x.size / columns, columns]);
  do {
    const [rows] = (partial as Tensor2D).shape;
    partial = runShader(backend, SUM_OF_ROWS, [partial], [Math.ceil(rows / RUN), columns], { count: RUN, rows });
  } while ((partial.shape[0] ?? 1) > 1);
  return tf.reshape(partial, [columns]);
}
