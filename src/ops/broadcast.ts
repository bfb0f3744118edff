import * as tf from '@tensorflow/tfjs-core';
import { LAB_KERNELS, runKernel } from './kernels';

const sameShape = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((size, i) => size === b[i]);

/** Sums `t` over the axes along which `shape` was broadcast to it: the adjoint of {@link broadcastTo}. */
export function sumTo(t: tf.Tensor, shape: number[]): tf.Tensor {
  // A copy of the handle, never `t` itself: the tape disposes each gradient that it accumulates.
  if (sameShape(t.shape, shape)) return tf.clone(t);
  const channels = t.shape[t.rank - 1];
  // The one broadcast of the hot path, a bias: one kernel on every engine.
  if (shape.length === 1 && t.rank > 1 && shape[0] === channels) return runKernel(LAB_KERNELS.biasAddGrad, { dy: t });
  const lead = t.rank - shape.length;
  const axes = t.shape.flatMap((size, axis) => (axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : []));
  return tf.reshape(tf.sum(t, axes), shape);
}

/** Repeats `t` along axes of size 1 (and new leading axes) until it has that shape. */
export function broadcastTo(t: tf.Tensor, shape: number[]): tf.Tensor {
  if (sameShape(t.shape, shape)) return tf.clone(t);
  const aligned = tf.reshape(t, [...new Array<number>(shape.length - t.rank).fill(1), ...t.shape]);
  return tf.tile(
    aligned,
    shape.map((size, axis) => (aligned.shape[axis] === size ? 1 : size)),
  );
}
