import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { chooseEngine } from '../../src/engine/choose';
import type { Engine } from '../../src/engine/engine';
import { hypergradient } from '../../src/learning/hypergradient';
import { allParts } from '../../src/learning/inParts';
import { temporaryModelLoss } from '../../src/learning/temporaryModelLoss';
import { HYPERGRADIENT_MODES } from '../../src/protocol/words';
import { compileHypergradient } from '../../src/trainer/compileHypergradient';
import { scalarOf } from '../../src/trainer/tensorData';
import { smallProblem } from './smallProblem';

describe("the temporary model's loss", () => {
  let engine: Engine;
  before(async () => void ({ engine } = await chooseEngine('cpu')));
  after(() => engine.dispose());

  for (const mode of HYPERGRADIENT_MODES) {
    it(`is the one that the ${mode} hypergradient is of, and leaves no tensor behind`, async () => {
      const { shape, ...problem } = smallProblem();
      const steps = compileHypergradient(engine, shape, { mode, innerBatchNorm: 'frozen' });
      const losses: number[] = [];
      for (const innerSteps of [0, 1, 3]) {
        const expected = hypergradient(steps, { ...problem, innerSteps });
        const before = memory().numTensors;
        const loss = allParts(temporaryModelLoss(steps, { ...problem, innerSteps }));
        assert.equal(memory().numTensors, before + 1);
        losses.push(await scalarOf(loss));
        assert.equal(losses.at(-1), await scalarOf(expected.loss));
      }
      assert.equal(new Set(losses).size, 3);
    });
  }
});
