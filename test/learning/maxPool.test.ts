import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { maxPool } from '../../src/learning/maxPool';
import { RandomStream } from '../../src/learning/randomStreams';
import { valuesOf } from '../../src/trainer/tensorData';
import { describeOnEngines } from '../engine/support/engines';

describeOnEngines('max pooling by rows and columns', ['native', 'webgpu', 'wasm', 'cpu'], () => {
  for (const [height, width] of [
    [6, 8],
    [7, 6],
    [5, 9],
    [1, 2],
    [1, 1],
  ] as const) {
    it(`takes the largest of each 3×3 window of ${height}×${width}, border of 1, stride 2`, async () => {
      const [n, channels] = [2, 3];
      const random = new RandomStream(1, 'max-pool', height, width);
      const values = Float32Array.from({ length: n * height * width * channels }, () => Math.max(0, random.normal()));
      const pooled = maxPool(tf.tensor(values, [n, height, width, channels]));
      const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
      assert.deepEqual(pooled.shape, [n, rows, columns, channels]);
      const actual = await valuesOf(pooled);
      const at = (i: number, y: number, x: number, c: number) =>
        y < 0 || x < 0 || y >= height || x >= width ? 0 : (values[((i * height + y) * width + x) * channels + c] ?? NaN);
      let next = 0;
      for (let i = 0; i < n; i++)
        for (let y = 0; y < rows; y++)
          for (let x = 0; x < columns; x++)
            for (let c = 0; c < channels; c++) {
              const window = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => at(i, 2 * y + dy, 2 * x + dx, c)));
              const expected = Math.max(...window);
              assert.ok(Math.abs((actual[next] ?? NaN) - expected) <= 1e-6, `${actual[next]} instead of ${expected}`);
              next++;
            }
    });
  }
});
