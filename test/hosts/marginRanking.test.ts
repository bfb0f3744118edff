import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { largestOfRows, marginRankingLoss } from '../../src/learning/losses';
import { gradients } from '../../src/ops/differentiate';
import { oneHot } from '../../src/trainer/batches';
import { describeOnEngines } from '../engine/support/engines';

describeOnEngines("LUCIR's margin ranking", ['native', 'wasm', 'cpu'], () => {
  const values = (t: tf.Tensor) => [...t.dataSync()];

  it('marks the largest entries of each row, of equal ones the first, and exactly as many as asked for', () => {
    const row = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 5 }), (rows, count) =>
        tf.tidy(() => {
          const mask = values(largestOfRows(tf.tensor2d(rows), tf.scalar(count)));
          const expected = rows.flatMap((entries) => {
            const order = [...entries.keys()].sort((a, b) => (entries[b] ?? 0) - (entries[a] ?? 0) || a - b).slice(0, count);
            return entries.map((_, i) => (order.includes(i) ? 1 : 0));
          });
          assert.deepEqual(mask, expected);
        }),
      ),
      { numRuns: 30 },
    );
  });

  it('has no derivative through the choice of classes', () =>
    tf.tidy(() => {
      const x = tf.tensor2d([[0.1, 0.5, 0.3]]);
      const { gradients: g } = gradients(() => tf.sum(largestOfRows(x, tf.scalar(2))), { x });
      assert.deepEqual(values(g['x'] as tf.Tensor), [0, 0, 0]);
    }));

  const scores = [
    [0.9, 0.1, 0.2, 0.8, 0.3],
    [0.2, 0.4, 0.9, 0.1, 0.3],
    [0.5, 0.5, 0.1, 0.2, 0.9],
  ];
  const loss = (classes: number[]) =>
    values(marginRankingLoss(tf.tensor2d(scores), oneHot(classes, 5), 2, tf.scalar(2), tf.scalar(0.5)))[0] ?? NaN;

  it('is the mean over old images and their hardest new classes', () => {
    // Old: the first, rivals 0.8 and 0.3; the second, rivals 0.9 and 0.3. The third is new.
    const expected = (0.5 - 0.9 + 0.8 + 0 + (0.5 - 0.4 + 0.9) + (0.5 - 0.4 + 0.3)) / 4;
    assert.ok(Math.abs(loss([0, 1, 4]) - expected) < 1e-6);
  });

  it('is 0, and so is its gradient, where the batch has no image of an old class', () =>
    tf.tidy(() => {
      assert.equal(loss([2, 3, 4]), 0);
      const x = tf.tensor2d(scores);
      const { gradients: g } = gradients(() => marginRankingLoss(x, oneHot([2, 3, 4], 5), 2, tf.scalar(2), tf.scalar(0.5)), { x });
      assert.ok(values(g['x'] as tf.Tensor).every((value) => value === 0));
    }));
});
