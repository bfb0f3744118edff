import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planRun } from '../../src/learning/plan';
import { parseConfig } from '../../src/protocol/parseConfig';

const data = (trainCounts: number[]) => ({
  classNames: trainCounts.map((_, label) => `class ${label}`),
  trainCounts,
  testCounts: trainCounts.map(() => 10),
});

describe('the memory', () => {
  it('keeps the same number of each class where it is per class', () => {
    const { phases } = planRun(parseConfig({ phases: 5, exemplarsPerClass: 20 }), data(new Array<number>(10).fill(30)));
    assert.ok(phases.every((p) => p.exemplarsPerClass === 20));
  });

  it('shares a total of 2000 as the literature does: 40 of 50 classes, 20 of 100', () => {
    const { phases } = planRun(parseConfig({ memory: 'total', phases: 5 }), data(new Array<number>(100).fill(500)));
    assert.deepEqual(
      phases.map((p) => p.exemplarsPerClass),
      [40, 33, 28, 25, 22, 20],
    );
  });

  it('never exceeds its total, never grows a class, and asks no class for more images than it has', () => {
    const counts = fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 12, maxLength: 40 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 4 }), fc.nat(500), (trainCounts, size, more) => {
        const total = 2 * trainCounts.length + more;
        const config = parseConfig({ memory: 'total', exemplarsTotal: total, phaseSizes: [4, size, size] });
        let seen = 0;
        let before = Infinity;
        const met: number[] = [];
        for (const { classes, exemplarsPerClass = 0 } of planRun(config, data(trainCounts)).phases) {
          seen += classes.length;
          met.push(...classes.map(({ label }) => trainCounts[label] ?? 0));
          assert.ok(seen * exemplarsPerClass <= total);
          assert.ok(exemplarsPerClass >= 2 && exemplarsPerClass <= before);
          assert.ok(exemplarsPerClass <= Math.min(...met));
          // Nothing is left that would have been another image of each.
          assert.ok((exemplarsPerClass + 1) * seen > total || exemplarsPerClass === Math.min(...met));
          before = exemplarsPerClass;
        }
      }),
    );
  });

  it('refuses a total that leaves a class fewer than two images, and more exemplars than a class has', () => {
    const few = parseConfig({ memory: 'total', exemplarsTotal: 150, phases: 5 });
    assert.throws(
      () => planRun(few, data(new Array<number>(100).fill(30))),
      /less than 2 images for each of the 100 classes: raise it to 200 or more/,
    );
    const many = parseConfig({ exemplarsPerClass: 20, phases: 5 });
    assert.throws(() => planRun(many, data([...new Array<number>(9).fill(30), 19])), /class 9 has only 19 training images: lower it/);
  });
});
