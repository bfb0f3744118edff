import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { classOrder } from '../../src/learning/classOrder';

/** Made by test/fixtures/class-orders.py with numpy. */
const ORACLE = JSON.parse(readFileSync(join(__dirname, '../fixtures/class-orders.json'), 'utf8')) as {
  classes: number;
  seed: number;
  begins: number[];
  sha256: string;
}[];

describe('the class order', () => {
  it("equals numpy's legacy shuffle for 10, 100 and 1000 classes and twenty seeds", () => {
    assert.equal(ORACLE.length, 60);
    for (const { classes, seed, begins, sha256 } of ORACLE) {
      const order = classOrder(classes, seed);
      assert.deepEqual(order.slice(0, 10), begins, `${classes} classes, seed ${seed}`);
      assert.equal(createHash('sha256').update(order.join(',')).digest('hex'), sha256, `${classes} classes, seed ${seed}`);
    }
  });

  it("begins as the literature's for 100 classes and seed 1993", () => {
    assert.deepEqual(classOrder(100, 1993).slice(0, 10), [68, 56, 78, 8, 23, 84, 90, 65, 74, 76]);
  });

  it('is a permutation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(0xffffffff), (classes, seed) => {
        const sorted = [...classOrder(classes, seed)].sort((a, b) => a - b);
        assert.deepEqual(sorted, [...Array(classes).keys()]);
      }),
    );
  });
});
