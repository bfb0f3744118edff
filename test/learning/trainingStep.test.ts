import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { lucir } from '../../src/hosts/lucir';
import { HOST_MATH } from '../../src/learning/hostMath';
import { initialWeights } from '../../src/learning/initialWeights';
import { classificationLoss } from '../../src/learning/losses';
import { networkShape, type NetworkShape } from '../../src/learning/network';
import { trainingStep, type TrainingInputs } from '../../src/learning/trainingStep';
import { frozenKernels } from '../../src/learning/weightTransfer';
import { configSchema } from '../../src/protocol/config';
import { oneHot } from '../../src/trainer/batches';
import { toTensors, valuesOf, zerosFor } from '../../src/trainer/tensorData';
import { describeOnEngines } from '../engine/support/engines';

const [OLD, SEEN] = [2, 5];

describeOnEngines('a training step', ['native', 'slow webgpu', 'wasm'], (engine) => {
  const inputsOf = (shape: NetworkShape, transfer: boolean): TrainingInputs => {
    const fresh = initialWeights(shape, SEEN, 1);
    const { params, buffers } = transfer ? frozenKernels(fresh) : fresh;
    const tensors = toTensors(params);
    return {
      params: tensors,
      buffers: toTensors(buffers),
      momentum: zerosFor(tensors),
      images: tf.randomNormal([6, 10, 10, 1], 0, 1, 'float32', 3),
      oneHot: oneHot([0, 1, 2, 3, 4, 0], SEEN),
      learningRate: tf.scalar(0.1),
      scalars: {},
    };
  };

  it("of LUCIR in a later phase leaves old classes' rows as they are, bit for bit, with momentum and decay", async () => {
    const shape = networkShape('resnet8', 1, 'relu', 'cosine');
    const old = initialWeights(shape, OLD, 1);
    const numbers = lucir.scalars(configSchema.parse({}), { old: OLD, new: SEEN - OLD });
    const step = engine().compile(
      'train',
      trainingStep(shape, lucir.loss(HOST_MATH), { momentum: 0.9, weightDecay: 5e-4, fixesOldClasses: true }),
    );
    let inputs: TrainingInputs = {
      ...inputsOf(shape, false),
      scalars: Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)])),
      oldParams: toTensors(old.params),
      oldBuffers: toTensors(old.buffers),
    };
    const before = await valuesOf(inputs.params['fc.weight'] as tf.Tensor);
    for (let i = 0; i < 3; i++) inputs = { ...inputs, ...step(inputs) };
    const after = await valuesOf(inputs.params['fc.weight'] as tf.Tensor);
    const cut = OLD * 64;
    assert.deepEqual(after.slice(0, cut), before.slice(0, cut));
    assert.ok(after.slice(cut).every((value, i) => value !== before[cut + i]));
  });

  it('with weight transfer leaves every kernel as it is and moves every scale and shift', async () => {
    const shape = networkShape('resnet8', 1);
    const inputs = inputsOf(shape, true);
    const step = engine().compile(
      'train',
      trainingStep(shape, ({ logits, oneHot: labels }) => classificationLoss(logits, labels), { momentum: 0.9, weightDecay: 5e-4 }),
    );
    const next = step(inputs);
    assert.deepEqual(Object.keys(next.params).sort(), Object.keys(inputs.params).sort());
    for (const [name, kernel] of Object.entries(inputs.buffers).filter(([key]) => key.endsWith('.weight')))
      assert.deepEqual(await valuesOf(next.buffers[name] as tf.Tensor), await valuesOf(kernel));
    for (const [name, scale] of Object.entries(inputs.params).filter(([key]) => key.endsWith('.transfer_scale')))
      assert.notDeepEqual(await valuesOf(next.params[name] as tf.Tensor), await valuesOf(scale));
  });
});
