import assert from 'node:assert/strict';
import { planRun } from '../../src/learning/plan';
import type { ConfigInput } from '../../src/protocol/config';
import { parseConfig } from '../../src/protocol/parseConfig';
import type { Stage } from '../../src/protocol/words';

const data = {
  classNames: Array.from({ length: 100 }, (_, label) => String(label)),
  trainCounts: new Array<number>(100).fill(500),
  testCounts: new Array<number>(100).fill(100),
};
const plan = (input: ConfigInput) => planRun(parseConfig({ phases: 5, mnemonicsEpochs: 2, mnemonicsOldEpochs: 3, ...input }), data).phases;
const stage = (phase: ReturnType<typeof plan>[number] | undefined, name: Stage) => phase?.stages.find((s) => s.stage === name);

describe('the stages of a plan', () => {
  it('take as many updates of new exemplars whatever the block of classes, and less work with a smaller one', () => {
    const [all, some] = [plan({}), plan({ mnemonicsClassesPerStep: 5 })];
    for (const phase of [0, 1]) {
      assert.equal(stage(some[phase], 'mnemonics-new')?.steps, stage(all[phase], 'mnemonics-new')?.steps);
    }
    assert.equal(stage(all[0], 'mnemonics-new')?.steps, 2 * Math.ceil(25_000 / 128));
    const work = (phases: typeof all) => stage(phases[0], 'mnemonics-new')?.images ?? NaN;
    assert.ok(work(some) < work(all) / 8);
  });

  it('take a step for each block of old classes in an epoch, of the same work together', () => {
    const [all, some] = [plan({})[2], plan({ mnemonicsClassesPerStep: 7 })[2]];
    assert.equal(stage(all, 'mnemonics-old')?.steps, 3);
    assert.equal(stage(some, 'mnemonics-old')?.steps, 3 * Math.ceil(60 / 7));
    assert.equal(stage(some, 'mnemonics-old')?.images, stage(all, 'mnemonics-old')?.images);
  });

  it('train on the memory as the phase before has left it, and fine-tune on the one that has shrunk', () => {
    const phases = plan({ memory: 'total', exemplarsTotal: 2000, batchSize: 100, epochs: 1, fineTuneEpochs: 1 });
    // 40 of each of 50 classes, then 33 of each of 60.
    assert.equal(stage(phases[1], 'distil')?.steps, Math.ceil((10 * 500 + 50 * 40) / 100));
    assert.equal(stage(phases[1], 'fine-tune')?.steps, Math.ceil((60 * 33) / 100));
  });
});
