import * as tf from '@tensorflow/tfjs-core';
import { gradients } from '../../../src/ops/differentiate';
import * as ops from '../../../src/ops/ops';
import { noise } from './compare';

const BATCH = 8;
const CLASSES = 3;

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** What a training step takes. */
export type TrainingInputs = {
  readonly image: tf.Tensor;
  readonly labels: tf.Tensor;
  readonly rate: tf.Tensor;
  readonly parameters: Parameters;
};

/** Fixed inputs of a small network: images of two channels, a 3×3 convolution with stride 2, one without, a shortcut, three classes. */
export function trainingInputs(size = 9): TrainingInputs {
  const tensor = (shape: number[], seed: number, scale = 1): tf.Tensor =>
    tf.tensor(
      noise(tf.util.sizeFromShape(shape), seed).map((value) => value * scale),
      shape,
    );
  const labels = new Float32Array(BATCH * CLASSES);
  for (let i = 0; i < BATCH; i++) labels[i * CLASSES + (i % CLASSES)] = 1;
  return {
    image: tensor([BATCH, size, size, 2], 1),
    labels: tf.tensor2d(labels, [BATCH, CLASSES]),
    rate: tf.scalar(0.5),
    parameters: {
      first: tensor([3, 3, 2, 4], 2, 0.4),
      second: tensor([3, 3, 4, 8], 3, 0.3),
      shortcut: tensor([1, 1, 4, 8], 4, 0.5),
      scale1: tf.ones([4]),
      offset1: tf.zeros([4]),
      scale2: tf.ones([8]),
      offset2: tf.zeros([8]),
      weight: tensor([8, CLASSES], 5, 0.5),
      bias: tf.zeros([CLASSES]),
    },
  };
}

/** One step of gradient descent on cross-entropy, through every kind of layer that the networks have. */
export function trainingStep({ image, labels, rate, parameters }: TrainingInputs): { parameters: Parameters; loss: tf.Tensor } {
  const p = (name: string): tf.Tensor => parameters[name] as tf.Tensor;
  const loss = (): tf.Tensor => {
    const first = ops.relu(ops.batchNormTrain(ops.conv2d(image, p('first'), 1, 1), p('scale1'), p('offset1'), 1e-5).y);
    const second = ops.batchNormTrain(ops.conv2d(first, p('second'), 2, 1), p('scale2'), p('offset2'), 1e-5).y;
    const features = ops.mean(ops.relu(ops.add(second, ops.conv2d(first, p('shortcut'), 2, 0))), [1, 2]);
    const logits = ops.add(ops.matMul(features, p('weight')), p('bias'));
    const logSum = ops.log(ops.sum(ops.exp(logits), [1], true));
    return ops.mul(ops.sum(ops.mul(ops.sub(logits, logSum), labels)), -1 / BATCH);
  };
  const result = gradients(loss, parameters);
  const updated = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, tf.sub(value, tf.mul(result.gradients[name] as tf.Tensor, rate))]),
  );
  return { parameters: updated, loss: result.value };
}
