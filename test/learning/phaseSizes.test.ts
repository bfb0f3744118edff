import assert from 'node:assert/strict';
import fc from 'fast-check';
import { phaseSizes } from '../../src/learning/phaseSizes';
import { planRun } from '../../src/learning/plan';
import { planWarnings } from '../../src/learning/planWarnings';
import { parseConfig } from '../../src/protocol/parseConfig';

const data = (classes: number) => ({
  classNames: Array.from({ length: classes }, (_, label) => `class ${label}`),
  trainCounts: new Array<number>(classes).fill(30),
  testCounts: new Array<number>(classes).fill(10),
});
const total = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);

describe('the split into phases', () => {
  it('gives phase 0 half of the classes and the rest evenly, whatever N divides them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 20 }), fc.boolean(), (phases, each, odd) => {
        const rest = phases * each;
        const classes = 2 * rest + (odd ? 1 : 0);
        const [first, ...others] = phaseSizes({ phases }, classes);
        assert.equal(first, Math.ceil(classes / 2));
        assert.deepEqual(others, new Array<number>(phases).fill(each));
        assert.equal((first ?? 0) + total(others), classes);
      }),
    );
  });

  it('says which N would divide the classes', () => {
    assert.throws(
      () => phaseSizes({ phases: 7 }, 100),
      /"phases" must divide the 50 classes .* one of 1, 2, 5, 10, 25, 50, or list .* \(it is 7\)/,
    );
  });

  it('takes a list as it stands, and refuses one with more classes than there are', () => {
    const { phases } = planRun(parseConfig({ phaseSizes: [50, 10, 15, 25] }), data(100));
    assert.deepEqual(
      phases.map((p) => p.classes.length),
      [50, 10, 15, 25],
    );
    assert.throws(
      () => phaseSizes({ phases: 5, phaseSizes: [50, 60] }, 100),
      /adds up to 110 classes, but the data set has 100: take 10 away/,
    );
  });

  it('leaves out the end of the class order where a list is shorter, and says so', () => {
    const config = parseConfig({ phaseSizes: [4, 2], epochs: 160 });
    const plan = planRun(config, data(10));
    const whole = planRun(parseConfig({ phases: 5 }), data(10)).phases.flatMap((p) => p.classes);
    assert.deepEqual(
      plan.phases.flatMap((p) => p.classes),
      whole.slice(0, 6),
    );
    assert.deepEqual(planWarnings(config, plan, 10), [
      `"phaseSizes" covers 6 of the data set's 10 classes: the last 4 of the class order are left out.`,
    ]);
  });

  it('knows each class once, whatever the list', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), fc.nat(1000), (sizes, classOrderSeed) => {
        const labels = planRun(parseConfig({ phaseSizes: sizes, classOrderSeed }), data(120)).phases.flatMap((p) =>
          p.classes.map((c) => c.label),
        );
        assert.equal(labels.length, total(sizes));
        assert.equal(new Set(labels).size, labels.length);
      }),
    );
  });
});

describe('the warnings of a plan', () => {
  const warnings = (input: object) => {
    const config = parseConfig({ phases: 5, ...input });
    return planWarnings(config, planRun(config, data(10)), 10);
  };

  it('name milestones that the epochs do not reach', () => {
    assert.match(warnings({ epochs: 80, alpha1Milestones: [40, 80] }).join(), /has 80, which 80 epochs do not reach/);
    assert.match(warnings({ epochs: 1 }).join(), /has 80, 120, which 1 epoch does not reach/);
    assert.deepEqual(warnings({ epochs: 81, alpha1Milestones: [40, 80] }), []);
  });
});
