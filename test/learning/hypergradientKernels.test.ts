import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { loadWasm } from '../../src/engine/wasm/load';
import type { Engine } from '../../src/engine/engine';
import { hypergradient } from '../../src/learning/hypergradient';

import { initialWeights } from '../../src/learning/initialWeights';
import { adjointStep, exemplarStep, innerStep, outerStep, type Unrolled } from '../../src/learning/mnemonicsSteps';
import { forward, FROZEN, networkShape, type NetworkShape } from '../../src/learning/network';
import { frozenKernels } from '../../src/learning/weightTransfer';
import { TWICE_DIFFERENTIABLE } from '../../src/ops/twiceDifferentiable';
import { HYPERGRADIENT_MODES, INNER_BATCH_NORMS, NETWORKS } from '../../src/protocol/words';
import { oneHot } from '../../src/trainer/batches';
import { compileHypergradient } from '../../src/trainer/compileHypergradient';
import { toTensors } from '../../src/trainer/tensorData';
import { CUSTOM_GRADIENT, recordKernels } from '../ops/support/recordKernels';

/** The network with few channels: the same kernels, in milliseconds. */
const narrow = (shape: NetworkShape): NetworkShape => ({ ...shape, channels: shape.channels.map((_, stage) => stage + 2) });

function problemFor(shape: NetworkShape, transfer: boolean) {
  const fresh = initialWeights(shape, 3, 1);
  const { params, buffers } = transfer ? frozenKernels(fresh) : fresh;
  const size = shape.stem === 'small' ? 8 : 33;
  const images = (n: number) => tf.randomNormal([n, size, size, shape.inputChannels], 0, 1, 'float32', 5);
  return {
    model: { params: toTensors(params), buffers: toTensors(buffers) },
    exemplars: images(2) as tf.Tensor,
    exemplarsOneHot: oneHot([0, 1], 3),
    images: images(3) as tf.Tensor,
    imagesOneHot: oneHot([2, 0, 1], 3),
    innerSteps: 2,
    innerLearningRate: tf.scalar(0.1) as tf.Tensor,
  };
}

/** Kernels that the hypergradient reached though nobody has vouched for their second derivative. */
const strangers = (run: () => void): string[] => [...recordKernels(run)].filter((name) => !TWICE_DIFFERENTIABLE.has(name));

describe("on the hypergradient's path", () => {
  let engine: Engine;
  before(async () => void (engine = await loadWasm()));
  after(() => engine.dispose());

  for (const network of NETWORKS) {
    for (const mode of HYPERGRADIENT_MODES) {
      for (const innerBatchNorm of INNER_BATCH_NORMS) {
        it(`no kernel runs that isn't known to be differentiable twice: ${network}, ${mode}, ${innerBatchNorm}`, () => {
          for (const head of ['linear', 'cosine'] as const) {
            for (const [activation, transfer] of [
              ['relu', false],
              ['squareplus', true],
            ] as const) {
              const shape = narrow(networkShape(network, 1, activation, head));
              const run = () =>
                tf.tidy(
                  () => void hypergradient(compileHypergradient(engine, shape, { mode, innerBatchNorm }), problemFor(shape, transfer)),
                );
              assert.deepEqual(strangers(run), []);
            }
          }
        });
      }
    }
  }

  /** What the check above sees where somebody puts an op of tfjs into the network or the loss. */
  const strangersWith = (change: (logits: tf.Tensor) => tf.Tensor): string[] =>
    strangers(() => {
      const shape = narrow(networkShape('resnet8', 1));
      const unrolled: Unrolled = {
        fold: null,
        logits: (params, buffers, images) => change(forward(shape, { params, buffers }, images, FROZEN).logits),
      };
      const steps = {
        inner: innerStep(unrolled),
        outer: outerStep(unrolled),
        adjoint: adjointStep(unrolled),
        last: exemplarStep(unrolled),
        separable: true,
      };
      // Whether tfjs then throws or computes something wrong depends on which gradients are registered.
      try {
        tf.tidy(() => void hypergradient(steps, problemFor(shape, false)));
      } catch (error) {
        assert.match(String(error), /gradient function not found/);
      }
    });

  it('a stock softmax would be found', () =>
    assert.deepEqual(
      strangersWith((logits) => tf.softmax(logits as tf.Tensor2D)),
      ['Softmax'],
    ));

  it('a custom gradient would be found', () => {
    const doubled = tf.customGrad((x) => ({ value: tf.mul(x as tf.Tensor, 2), gradFunc: (dy) => tf.mul(dy, 2) }));
    assert.deepEqual(
      strangersWith((logits) => doubled(logits)),
      [CUSTOM_GRADIENT],
    );
  });
});
