import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { runEagerly } from '../../../src/engine/eager';
import type { Engine } from '../../../src/engine/engine';
import { HOSTS } from '../../../src/hosts/hosts';
import { growCorrection } from '../../../src/learning/biasCorrection';
import { EXEMPLAR_OPTIMIZERS } from '../../../src/learning/exemplarOptimizers';
import { hypergradient } from '../../../src/learning/hypergradient';
import { initialWeights } from '../../../src/learning/initialWeights';
import type { TrainingInputs } from '../../../src/learning/trainingStep';
import type { Config } from '../../../src/protocol/config';
import { parseConfig } from '../../../src/protocol/parseConfig';
import { HYPERGRADIENT_MODES, INNER_BATCH_NORMS } from '../../../src/protocol/words';
import { oneHot } from '../../../src/trainer/batches';
import { compileSteps } from '../../../src/trainer/compiledSteps';
import { toTensors, zerosFor } from '../../../src/trainer/tensorData';
import { assertClose, assertSameBits, noise } from '../support/compare';
import { describeOnEngines } from '../support/engines';

const [OLD, SEEN] = [2, 5];
const LABELS = [0, 1, 2, 3, 4, 0];

const drawn = (shape: number[], seed: number): tf.Tensor => tf.tensor(noise(tf.util.sizeFromShape(shape), seed), shape);
const images = (count: number, seed: number): tf.Tensor => drawn([count, 9, 9, 1], seed);
const labels = (count: number): tf.Tensor => oneHot(LABELS.slice(0, count), SEEN);

/** A run's steps, and a model after its first phase for them. */
function problem(engine: Pick<Engine, 'compile'>, given: Partial<Config>) {
  const config = parseConfig({ network: 'resnet8', ...given });
  const steps = compileSteps(engine as Engine, config, 1);
  const weights = (classes: number) => {
    const { params, buffers } = initialWeights(steps.shape, classes, 1);
    return { params: toTensors(params), buffers: toTensors({ ...buffers, ...(steps.host.biasCorrection && growCorrection({}, classes)) }) };
  };
  const [model, old] = [weights(SEEN), weights(OLD)];
  const scalars = steps.host.scalars(config, { old: OLD, new: SEEN - OLD });
  const batch = (count: number): TrainingInputs => ({
    ...model,
    momentum: zerosFor(model.params),
    images: images(count, 1),
    oneHot: labels(count),
    learningRate: tf.scalar(0.1),
    scalars: Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])),
  });
  return { steps, model, batch, distilled: (count: number) => ({ ...batch(count), oldParams: old.params, oldBuffers: old.buffers }) };
}

// The engine of the tests holds each graph that it records against the one that execution gives.
describeOnEngines("a run's step becomes the graph that execution gives", ['native'], (engine) => {
  for (const host of HOSTS)
    it(`with ${host}: training, fine-tuning, evaluation`, () => {
      tf.tidy(() => {
        const { steps, model, batch, distilled } = problem(engine(), { host });
        steps.train(batch(6));
        steps.train(distilled(6));
        steps.fineTune({ ...batch(6), scalars: {} });
        steps.predict({ ...model, images: images(4, 2) });
      });
    });

  it("with BiC's fit", () => {
    tf.tidy(() => {
      const { steps } = problem(engine(), { host: 'bic' });
      const params = { scale: tf.ones([1]), shift: tf.zeros([1]) };
      const isNew = tf.tensor([0, 0, 1, 1, 1], [1, SEEN]);
      const logits = drawn([6, SEEN], 3);
      steps.fitBias({ params, momentum: zerosFor(params), logits, oneHot: labels(6), isNew, learningRate: tf.scalar(0.1) });
    });
  });

  for (const hypergradientMode of HYPERGRADIENT_MODES)
    for (const innerBatchNorm of INNER_BATCH_NORMS)
      it(`in the hypergradient, ${hypergradientMode}, batch norm ${innerBatchNorm}`, () => {
        tf.tidy(() => {
          const { steps, model } = problem(engine(), { hypergradientMode, innerBatchNorm });
          hypergradient(steps.hypergradient, {
            model,
            exemplars: images(4, 2),
            exemplarsOneHot: labels(4),
            images: images(6, 3),
            imagesOneHot: labels(6),
            innerSteps: 2,
            innerLearningRate: tf.scalar(0.05),
          });
        });
      });

  for (const exemplarOptimizer of Object.keys(EXEMPLAR_OPTIMIZERS) as Config['exemplarOptimizer'][])
    it(`in updates of exemplars by ${exemplarOptimizer}`, () => {
      tf.tidy(() => {
        const { steps } = problem(engine(), { exemplarOptimizer });
        const [exemplars, firstMoment, secondMoment, gradient] = [1, 2, 3, 4].map((seed) => tf.abs(images(4, seed))) as [
          ...[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor],
        ];
        const [step, firstCorrection, secondCorrection] = [0.1, 0.2, 0.3].map((value) => tf.scalar(value)) as [
          tf.Scalar,
          tf.Scalar,
          tf.Scalar,
        ];
        const inputs = { exemplars, firstMoment, secondMoment, gradient, step, firstCorrection, secondCorrection };
        steps.updateExemplars(inputs);
        steps.updateExemplars({ ...inputs, lowest: tf.tensor1d([-1]), highest: tf.tensor1d([1]) });
      });
    });
});

describeOnEngines('a last, smaller batch', ['native'], (engine) => {
  it('gives what its images alone give op by op, and leaves the graph of whole batches as it was', () => {
    tf.tidy(() => {
      const { steps, distilled } = problem(engine(), {});
      const eager = problem({ compile: (name, step) => (inputs) => runEagerly(name, step, inputs) }, {});
      for (const count of [6, 1, 6, 4]) {
        const [actual, expected] = [steps.train(distilled(count)), eager.steps.train(eager.distilled(count))];
        const pairs = (part: 'params' | 'buffers' | 'momentum') =>
          Object.entries(expected[part]).map(([name, tensor]) => [name, actual[part][name]?.dataSync(), tensor.dataSync()] as const);
        for (const [name, graph, alone] of [...pairs('params'), ...pairs('momentum')])
          assertSameBits(graph as Float32Array, alone as Float32Array, `${count} images: ${name}`);
        // A variance's two constant factors are multiplied with each other first in a graph, one rounding earlier.
        for (const [name, graph, alone] of pairs('buffers')) assertClose(graph as Float32Array, alone, 1e-7, `${count} images: ${name}`);
        assert.deepEqual(actual.loss.dataSync(), expected.loss.dataSync());
      }
    });
  });
});
