import assert from 'node:assert/strict';
import fc from 'fast-check';
import { herding } from '../../src/learning/herding';
import { NearestMean } from '../../src/learning/nearestMean';

const features = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }))
  .chain(([d, n]) =>
    fc.record({ d: fc.constant(d), rows: fc.array(fc.float({ min: -5, max: 5, noNaN: true }), { minLength: n * d, maxLength: n * d }) }),
  );

describe('herding', () => {
  it('takes first what is nearest to the mean direction', () => {
    // Unit vectors at 0°, 90° and 40°: their mean points between them, nearest to the third.
    const angle = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    assert.equal(herding(Float32Array.from([...angle(0), ...angle(90), ...angle(40)]), 2, 3)[0], 2);
  });

  it("doesn't care for the length of features", () => {
    const rows = [1, 0.2, 0.9, 0.1, 0.3, 1, 0.8, 0.6];
    const scaled = rows.map((value, i) => value * (i < 2 ? 7 : 1));
    assert.deepEqual(herding(Float32Array.from(scaled), 2, 4), herding(Float32Array.from(rows), 2, 4));
  });

  it('chooses distinct rows, and a smaller memory is a prefix of a larger one', () => {
    fc.assert(
      fc.property(features, ({ d, rows }) => {
        const n = rows.length / d;
        const all = herding(Float32Array.from(rows), d, n);
        assert.equal(new Set(all).size, n);
        for (let count = 0; count <= n; count++) assert.deepEqual(herding(Float32Array.from(rows), d, count), all.slice(0, count));
      }),
    );
  });

  it('greedily keeps the running mean nearest to the mean of all, as a plain search does', () => {
    fc.assert(
      fc.property(features, ({ d, rows }) => {
        const unit = Array.from({ length: rows.length / d }, (_, i) => {
          const row = rows.slice(i * d, (i + 1) * d);
          const length = Math.hypot(...row);
          return row.map((value) => (length > 0 ? value / length : 0));
        });
        const mean = (of: number[][]) => Array.from({ length: d }, (_, j) => of.reduce((t, row) => t + (row[j] ?? 0), 0) / of.length);
        const distance = (a: number[], b: number[]) => Math.hypot(...a.map((value, j) => value - (b[j] ?? 0)));
        const chosen = herding(Float32Array.from(rows), d, unit.length);
        chosen.forEach((row, k) => {
          const with_ = (i: number) => distance(mean([...chosen.slice(0, k), i].map((r) => unit[r] ?? [])), mean(unit));
          const best = Math.min(...[...unit.keys()].filter((i) => !chosen.slice(0, k).includes(i)).map(with_));
          assert.ok(with_(row) <= best + 1e-6);
        });
      }),
    );
  });
});

describe('the nearest mean of exemplars', () => {
  it('classifies by direction, not by length', () => {
    const classifier = new NearestMean(Float32Array.from([1, 0, 10, 1, 0, 3, 0.1, 9]), 2, Int32Array.from([0, 0, 1, 1]), 2);
    assert.deepEqual([...classifier.classify(Float32Array.from([0.1, 0.01, 1, 50, 2, 1]))], [0, 1, 0]);
  });

  it('refuses a class without an exemplar', () => {
    assert.throws(() => new NearestMean(Float32Array.from([1, 0]), 2, Int32Array.from([0]), 2), /no exemplar/);
  });
});
