import assert from 'node:assert/strict';
import { join } from 'node:path';
import { planRun } from '../../src/learning/plan';
import { planWarnings } from '../../src/learning/planWarnings';
import type { Config } from '../../src/protocol/config';
import { parseConfig } from '../../src/protocol/parseConfig';
import { PRESETS } from '../../src/protocol/presets';
import { readExperiment } from '../../src/store/experimentFile';

/** As many classes and images as the data set has, or as the experiment takes of it. */
const dataOf = ({ dataSet, trainPerClass, testPerClass }: Config) => {
  const [classes, train, test] = dataSet === 'mnist' ? [10, 5421, 892] : [100, 500, 100];
  return {
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    trainCounts: new Array<number>(classes).fill(Math.min(train, trainPerClass ?? Infinity)),
    testCounts: new Array<number>(classes).fill(Math.min(test, testPerClass ?? Infinity)),
  };
};
const preset = async (name: string) => (await readExperiment(join(__dirname, `../../examples/${name}.mnemonics.json`))).config;

describe('the experiments that come with the product', () => {
  for (const name of PRESETS) {
    it(`${name} can be planned, without a warning`, async () => {
      const config = await preset(name);
      assert.equal(config.name, name);
      const data = dataOf(config);
      const plan = planRun(config, data);
      assert.equal(plan.phases.length, 6);
      assert.deepEqual(planWarnings(config, plan, data.classNames.length), []);
    });
  }

  it('paper is the defaults on CIFAR-100 with ResNet-32', async () => {
    const { $schema: _, ...paper } = await preset('paper');
    assert.deepEqual(paper, parseConfig({ name: 'paper', dataSet: 'cifar100', network: 'resnet32', phases: 5 }));
  });
});
