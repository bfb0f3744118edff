import assert from 'node:assert/strict';
import { planRun } from '../../src/learning/plan';
import type { ConfigInput } from '../../src/protocol/config';
import { paperFigures } from '../../src/protocol/paperFigures';
import { parseConfig } from '../../src/protocol/parseConfig';

const data = (classes: number) => ({
  classNames: Array.from({ length: classes }, (_, label) => String(label)),
  trainCounts: new Array<number>(classes).fill(500),
  testCounts: new Array<number>(classes).fill(100),
});
const figures = (input: ConfigInput, classes = 100) => {
  const config = parseConfig({ dataSet: 'cifar100', ...input });
  return paperFigures(config, planRun(config, data(classes)));
};

describe("the paper's figures", () => {
  it('are those of the host and N, with mnemonics where exemplars are learned', () => {
    assert.deepEqual(figures({ host: 'lucir', phases: 5 }), { averageAccuracy: 63.34, forgetting: 10.91 });
    assert.deepEqual(figures({ host: 'lucir', phases: 25 }), { averageAccuracy: 60.96, forgetting: 19.8 });
    assert.deepEqual(figures({ host: 'icarl', phases: 10, exemplarMethod: 'herding' }), { averageAccuracy: 52.66, forgetting: 34.1 });
    assert.deepEqual(figures({ host: 'bic', phaseSizes: [50, 10, 10, 10, 10, 10] }), { averageAccuracy: 60.67, forgetting: 22.42 });
  });
  it('are none for another data set, N or split', () => {
    assert.equal(figures({ dataSet: 'mnist', phases: 5 }, 10), null);
    assert.equal(figures({ phases: 2 }), null);
    assert.equal(figures({ phaseSizes: [40, 12, 12, 12, 12, 12] }), null);
    assert.equal(figures({ phaseSizes: [50, 5, 5, 5, 5, 5] }), null);
  });
});
