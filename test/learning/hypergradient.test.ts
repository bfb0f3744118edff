import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { chooseEngine } from '../../src/engine/choose';
import type { Engine } from '../../src/engine/engine';
import { hypergradient } from '../../src/learning/hypergradient';
import { adjointStep, innerStep, outerStep } from '../../src/learning/mnemonicsSteps';
import { RandomStream } from '../../src/learning/randomStreams';
import { scalarOf, valuesOf } from '../../src/trainer/tensorData';
import { smallProblem } from './smallProblem';

/** Length of the steps along unit directions of the exemplars, in normalised pixels. */
const STEP = 0.05;

describe('the hypergradient of (9)', () => {
  let engine: Engine;
  before(async () => void ({ engine } = await chooseEngine('cpu')));
  after(() => engine.dispose());

  const stepsFor = (shape: ReturnType<typeof smallProblem>['shape']) => ({
    inner: engine.compile('inner', innerStep(shape)),
    outer: engine.compile('outer', outerStep(shape)),
    adjoint: engine.compile('adjoint', adjointStep(shape)),
  });

  for (const innerSteps of [1, 3]) {
    it(`equals central differences through ${innerSteps} inner steps (float32, step ${STEP}, at most 1e-3 of its norm)`, async () => {
      const { shape, ...problem } = smallProblem();
      const steps = stepsFor(shape);
      const { gradient } = hypergradient(steps, { ...problem, innerSteps });
      const g = await valuesOf(gradient);
      const lossAt = async (exemplars: tf.Tensor) => {
        const result = hypergradient(
          { ...steps, adjoint: (inputs) => ({ v: inputs.v, gradient: inputs.gradient }) },
          { ...problem, exemplars, innerSteps },
        );
        return scalarOf(result.loss);
      };
      const norm = Math.hypot(...g);
      const random = new RandomStream(11, 'directions', innerSteps);
      const unit = (values: Float32Array) => values.map((value) => value / Math.hypot(...values));
      const directions = [unit(g), ...[0, 1, 2].map(() => unit(g.map(() => random.normal())))];
      for (const direction of directions) {
        const along = tf.tensor(direction, gradient.shape);
        // Fourth order, since float32 asks for a large step, and that for a small truncation error.
        const at = (t: number) => lossAt(tf.add(problem.exemplars, tf.mul(along, t)));
        const numeric = (8 * ((await at(STEP)) - (await at(-STEP))) - ((await at(2 * STEP)) - (await at(-2 * STEP)))) / (12 * STEP);
        const exact = g.reduce((total, value, i) => total + value * (direction[i] ?? 0), 0);
        assert.ok(Math.abs(numeric - exact) <= 1e-3 * norm, `${numeric} instead of ${exact}, of a gradient of norm ${norm}`);
      }
    });
  }

  it('is zero for K = 0, where the exemplars touch nothing', async () => {
    const { shape, ...problem } = smallProblem();
    const { gradient } = hypergradient(stepsFor(shape), { ...problem, innerSteps: 0 });
    assert.ok((await valuesOf(gradient)).every((value) => value === 0));
  });

  it('leaves no tensor behind but its two results', async () => {
    const { shape, ...problem } = smallProblem();
    const steps = stepsFor(shape);
    const before = tf.memory().numTensors;
    hypergradient(steps, { ...problem, innerSteps: 2 });
    assert.equal(tf.memory().numTensors - before, 2);
  });
});
