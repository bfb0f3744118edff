import assert from 'node:assert/strict';
import fc from 'fast-check';
import { batchesPerEpoch, filledBatchesPerEpoch } from '../../src/learning/epochs';
import { filledRowsOfStep, rowsOfStep } from '../../src/trainer/batches';

const epoch = (of: typeof rowsOfStep, count: number, size: number, batches: number, number = 0) =>
  Array.from({ length: batches }, (_, i) => [...of(count, size, number * batches + i, 1, ['test'])]);

describe('epochs', () => {
  it('go once over all images, in batches of which none is very small', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 2, max: 64 }),
        fc.integer({ min: 0, max: 3 }),
        (count, size, number) => {
          const batches = epoch(rowsOfStep, count, size, batchesPerEpoch(count, size), number);
          assert.deepEqual(
            batches.flat().sort((a, b) => a - b),
            [...Array(count).keys()],
          );
          assert.ok(batches.every(({ length }) => length >= Math.min(8, size, count)));
          assert.ok(batches.every(({ length }) => length < size + 8));
        },
      ),
    ));

  it('have an order of their own each', () => {
    assert.notDeepEqual(epoch(rowsOfStep, 50, 50, 1, 0), epoch(rowsOfStep, 50, 50, 1, 1));
  });

  it('162 images in batches of 32 make five, the last of 34', () => {
    assert.deepEqual(
      epoch(rowsOfStep, 162, 32, batchesPerEpoch(162, 32)).map(({ length }) => length),
      [32, 32, 32, 32, 34],
    );
  });

  it('where batches must be full, the last is filled up from the beginning', () => {
    const batches = epoch(filledRowsOfStep, 10, 4, filledBatchesPerEpoch(10, 4));
    assert.deepEqual(
      batches.map(({ length }) => length),
      [4, 4, 4],
    );
    assert.deepEqual(batches[2]?.slice(2), batches[0]?.slice(0, 2));
  });
});
