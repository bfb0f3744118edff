import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { loadCpu } from '../../src/engine/cpu/load';
import type { Engine } from '../../src/engine/engine';
import { hypergradient, type HypergradientProblem } from '../../src/learning/hypergradient';
import type { HypergradientOptions, HypergradientSteps } from '../../src/learning/hypergradientModes';
import { adjointStep, exemplarStep, innerStep, outerStep, type AdjointInputs, type Unrolled } from '../../src/learning/mnemonicsSteps';
import { foldFrozen, forward, FROZEN, type BatchNormMode, type NetworkShape } from '../../src/learning/network';
import { RandomStream } from '../../src/learning/randomStreams';
import { mapNamed } from '../../src/ops/namedTensors';
import { HYPERGRADIENT_MODES, INNER_BATCH_NORMS } from '../../src/protocol/words';
import { compileHypergradient } from '../../src/trainer/compileHypergradient';
import { oneHot } from '../../src/trainer/batches';
import { scalarOf, valuesOf } from '../../src/trainer/tensorData';
import { relativeError } from './fixture';
import { smallProblem } from './smallProblem';

/** Length of the steps along unit directions of the exemplars, in normalised pixels: by the statistics of few images the loss bends more. */
const STEPS = { frozen: 0.05, batch: 0.01 } as const;

const EVERY: HypergradientOptions[] = HYPERGRADIENT_MODES.flatMap((mode) =>
  INNER_BATCH_NORMS.map((innerBatchNorm) => ({ mode, innerBatchNorm })),
);
const nameOf = ({ mode, innerBatchNorm }: HypergradientOptions) => `${mode}, ${innerBatchNorm}`;

describe('the hypergradient of (9)', function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => void (engine = await loadCpu()));
  after(() => engine.dispose());

  const gradientOf = async (shape: NetworkShape, options: HypergradientOptions, problem: HypergradientProblem) => {
    const { gradient, loss } = hypergradient(compileHypergradient(engine, shape, options), problem);
    loss.dispose();
    return valuesOf(gradient);
  };

  const DIFFERENCES: [options: HypergradientOptions, innerSteps: number, head: NetworkShape['head']][] = [
    [{ mode: 'exact', innerBatchNorm: 'frozen' }, 1, 'linear'],
    [{ mode: 'exact', innerBatchNorm: 'frozen' }, 3, 'linear'],
    [{ mode: 'exact', innerBatchNorm: 'batch' }, 1, 'linear'],
    [{ mode: 'exact', innerBatchNorm: 'batch' }, 3, 'linear'],
    [{ mode: 'exact', innerBatchNorm: 'batch' }, 2, 'cosine'],
    [{ mode: 'last-layer', innerBatchNorm: 'frozen' }, 3, 'linear'],
    [{ mode: 'last-layer', innerBatchNorm: 'batch' }, 3, 'cosine'],
  ];
  for (const [options, innerSteps, head] of DIFFERENCES) {
    const step = STEPS[options.innerBatchNorm];
    it(`equals central differences: ${nameOf(options)}, ${head}, K = ${innerSteps} (float32, step ${step}, at most 1e-3 of its norm)`, async () => {
      const { shape, ...problem } = smallProblem('squareplus', head);
      const g = await gradientOf(shape, options, { ...problem, innerSteps });
      const forwardOnly: HypergradientSteps = {
        ...compileHypergradient(engine, shape, options),
        adjoint: ({ v, gradient }) => ({ v: mapNamed(v, tf.clone), gradient: tf.clone(gradient) }),
        last: ({ gradient }) => ({ gradient: tf.clone(gradient) }),
      };
      const lossAt = (exemplars: tf.Tensor) => scalarOf(hypergradient(forwardOnly, { ...problem, exemplars, innerSteps }).loss);
      const norm = Math.hypot(...g);
      const random = new RandomStream(11, 'directions', innerSteps);
      const unit = (values: Float32Array) => values.map((value) => value / Math.hypot(...values));
      const directions = [unit(g), ...[0, 1, 2].map(() => unit(g.map(() => random.normal())))];
      for (const direction of directions) {
        const along = tf.tensor(direction, problem.exemplars.shape);
        // Fourth order, since float32 asks for a large step, and that for a small truncation error.
        const at = (t: number) => lossAt(tf.add(problem.exemplars, tf.mul(along, t)));
        const numeric = (8 * ((await at(step)) - (await at(-step))) - ((await at(2 * step)) - (await at(-2 * step)))) / (12 * step);
        const exact = g.reduce((total, value, i) => total + value * (direction[i] ?? 0), 0);
        assert.ok(Math.abs(numeric - exact) <= 1e-3 * norm, `${numeric} instead of ${exact}, of a gradient of norm ${norm}`);
      }
    });
  }

  for (const options of EVERY) {
    it(`is zero for K = 0, where the exemplars touch nothing: ${nameOf(options)}`, async () => {
      const { shape, ...problem } = smallProblem();
      const g = await gradientOf(shape, options, { ...problem, innerSteps: 0 });
      assert.ok(g.length === problem.exemplars.size && g.every((value) => value === 0));
    });

    it(`leaves no tensor behind but its two results: ${nameOf(options)}`, () => {
      const { shape, ...problem } = smallProblem();
      const steps = compileHypergradient(engine, shape, options);
      const before = tf.memory().numTensors;
      hypergradient(steps, { ...problem, innerSteps: 2 });
      assert.equal(tf.memory().numTensors - before, 2);
    });

    it(`holds K sets of what trains, its gradient where batch norm is folded, and nothing else that grows with K: ${nameOf(options)}`, () => {
      const { shape, ...problem } = smallProblem();
      const slope =
        options.mode !== 'last-layer' && options.innerBatchNorm === 'frozen' ? Object.keys(foldFrozen(shape, problem.model)).length : 0;
      const trained = Object.keys(problem.model.params).filter((name) => options.mode !== 'last-layer' || name.startsWith('fc.')).length;
      const [few, many] = [2, 7].map((innerSteps) => mostTensors(compileHypergradient(engine, shape, options), { ...problem, innerSteps }));
      assert.equal((many ?? NaN) - (few ?? NaN), 5 * (trained + slope));
    });
  }

  for (const innerBatchNorm of INNER_BATCH_NORMS) {
    it(`without curvature is the exact one for K = 1 and another for K = 3: ${innerBatchNorm}`, async () => {
      const { shape, ...problem } = smallProblem();
      const errorFor = async (innerSteps: number) => {
        const [first, exact] = await Promise.all(
          (['first-order', 'exact'] as const).map((mode) => gradientOf(shape, { mode, innerBatchNorm }, { ...problem, innerSteps })),
        );
        return relativeError(first!, exact!);
      };
      assert.ok((await errorFor(1)) <= 1e-6);
      assert.ok((await errorFor(3)) >= 1e-2);
    });

    it(`of the last layer is the exact one of a network whose features don't train: ${innerBatchNorm}`, async () => {
      const { shape, ...problem } = smallProblem();
      const { params, buffers } = problem.model;
      const batchNorm: BatchNormMode = innerBatchNorm === 'frozen' ? FROZEN : { kind: 'batch', onStatistics: () => undefined };
      // The whole network at every step, on images; weights other than the classifier's stand among what is fixed.
      const unrolled: Unrolled = {
        fold: null,
        logits: (trained, fixed, images) => forward(shape, { params: { ...fixed, ...trained }, buffers: fixed }, images, batchNorm).logits,
      };
      const whole = {
        inner: engine.compile('inner', innerStep(unrolled)),
        outer: engine.compile('outer', outerStep(unrolled)),
        adjoint: engine.compile('adjoint', adjointStep(unrolled)),
        last: engine.compile('last adjoint', exemplarStep(unrolled)),
        separable: true,
      };
      const { 'fc.weight': weight, 'fc.bias': bias, ...fixed } = params;
      const model = { params: { 'fc.weight': weight!, 'fc.bias': bias! }, buffers: { ...buffers, ...fixed } };
      const { gradient, loss } = hypergradient(whole, { ...problem, model, innerSteps: 4 });
      const last = hypergradient(compileHypergradient(engine, shape, { mode: 'last-layer', innerBatchNorm }), {
        ...problem,
        innerSteps: 4,
      });
      assert.ok(relativeError(await valuesOf(last.gradient), await valuesOf(gradient)) <= 2e-6);
      assert.ok(Math.abs((await scalarOf(last.loss)) - (await scalarOf(loss))) <= 1e-6);
    });
  }

  it('ends its sweep with the half of a step that counts, to the same bits', async () => {
    const { shape, ...problem } = smallProblem();
    const steps = compileHypergradient(engine, shape, { mode: 'exact', innerBatchNorm: 'frozen' });
    const whole = { ...steps, last: (inputs: AdjointInputs) => steps.adjoint(inputs) };
    const [g, h] = [hypergradient(steps, { ...problem, innerSteps: 2 }), hypergradient(whole, { ...problem, innerSteps: 2 })];
    assert.deepEqual(await valuesOf(g.gradient), await valuesOf(h.gradient));
  });

  it('is the same whether the sweep takes many exemplars together or in parts, and leaves nothing behind', async () => {
    const { shape, ...problem } = smallProblem();
    const random = new RandomStream(5, 'many-exemplars');
    const many = 131; // Three parts, of two sizes.
    const exemplars = tf.tensor(
      Float32Array.from({ length: many * 8 * 8 * 2 }, () => random.normal()),
      [many, 8, 8, 2],
    );
    const exemplarsOneHot = oneHot(
      Array.from({ length: many }, (_, i) => i % 3),
      3,
    );
    for (const mode of ['exact', 'first-order'] as const) {
      const steps = compileHypergradient(engine, shape, { mode, innerBatchNorm: 'frozen' });
      assert.ok(steps.separable);
      const gradientBy = async (by: HypergradientSteps) => {
        const before = tf.memory().numTensors;
        const { gradient, loss } = hypergradient(by, { ...problem, exemplars, exemplarsOneHot, innerSteps: 2 });
        assert.equal(tf.memory().numTensors - before, 2);
        loss.dispose();
        return valuesOf(gradient);
      };
      const error = relativeError(await gradientBy(steps), await gradientBy({ ...steps, separable: false }));
      assert.ok(error <= 1e-6, `${mode}: ${error}`);
    }
  });

  it('by batch statistics neither uses nor changes the running ones', async () => {
    const { shape, ...problem } = smallProblem();
    const options = { mode: 'exact', innerBatchNorm: 'batch' } as const;
    const { params, buffers } = problem.model;
    const others = mapNamed(buffers, (t) => tf.add(t, 0.5));
    const [g, h] = [
      await gradientOf(shape, options, { ...problem, innerSteps: 2 }),
      await gradientOf(shape, options, { ...problem, model: { params, buffers: others }, innerSteps: 2 }),
    ];
    assert.deepEqual(g, h);
    for (const [name, t] of Object.entries(others)) assert.deepEqual(t.dataSync(), tf.add(buffers[name]!, 0.5).dataSync());
  });
});

/** The largest number of tensors that were alive when a step began. */
function mostTensors(steps: HypergradientSteps, problem: HypergradientProblem): number {
  let most = 0;
  const watched =
    <I, O>(step: (inputs: I) => O) =>
    (inputs: I): O => {
      most = Math.max(most, tf.memory().numTensors);
      return step(inputs);
    };
  const before = tf.memory().numTensors;
  const { gradient, loss } = hypergradient(
    { ...steps, inner: watched(steps.inner), outer: watched(steps.outer), adjoint: watched(steps.adjoint), last: watched(steps.last) },
    problem,
  );
  tf.dispose([gradient, loss]);
  return most - before;
}
