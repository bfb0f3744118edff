import type { Tensor } from '@tensorflow/tfjs-core';
import * as ops from '../ops/ops';

/**
 * Max pooling 3×3 with stride 2 and a border of 1 (the ImageNet stem), rows first, then columns, as a + relu(b − a): exact to
 * the second derivative, which tfjs's own lacks.
 * @param x [N, H, W, C], nowhere negative, as after an activation: the border of zeros then never wins
 * @returns [N, ⌈H/2⌉, ⌈W/2⌉, C]
 */
export function maxPool(x: Tensor): Tensor {
  const [n = 1, height = 1, width = 1, channels = 1] = x.shape;
  const rows = Math.ceil(height / 2);
  const columns = Math.ceil(width / 2);
  const byRows = maximumOfThree(ops.reshape(x, [n, height, width * channels]));
  const byColumns = maximumOfThree(ops.reshape(byRows, [n * rows, width, channels]));
  return ops.reshape(byColumns, [n, rows, columns, channels]);
}

/** Maximum of entries 2i − 1, 2i, 2i + 1 along the middle axis, [n, L, d] → [n, ⌈L/2⌉, d], with zeros beyond both ends. */
function maximumOfThree(x: Tensor): Tensor {
  const [n = 1, length = 1, d = 1] = x.shape;
  const half = Math.ceil(length / 2);
  // Entry j of x is at j + 1 now; beside each other stand 2i and 2i + 1, that is 2i − 1 and 2i of x.
  const pairs = ops.reshape(
    ops.pad(x, [
      [0, 0],
      [1, 2 * half + 1 - length],
      [0, 0],
    ]),
    [n, half + 1, 2 * d],
  );
  const part = (from: number, first: number) => ops.slice(pairs, [0, from, first], [n, half, d]);
  return ops.maximum(ops.maximum(part(0, 0), part(0, d)), part(1, 0));
}
