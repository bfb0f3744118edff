import type { NetworkShape } from './network';
import { RandomStream } from './randomStreams';

/** An array with a shape: what weights are before an engine holds them. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type PlainTensors = Readonly<Record<string, PlainTensor>>;

const filled = (shape: readonly number[], value: number): PlainTensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
});

/**
 * Fresh weights as the field's PyTorch code draws them: convolutions from N(0, 2 / fan-out), batch norm scale 1 and
 * shift 0, the classifier from U(−1/√features, 1/√features).
 */
export function initialWeights(shape: NetworkShape, classes: number, seed: number): { params: PlainTensors; buffers: PlainTensors } {
  const params: Record<string, PlainTensor> = {};
  const buffers: Record<string, PlainTensor> = {};

  const convolution = (name: string, kernel: number, inputs: number, outputs: number) => {
    const random = new RandomStream(seed, 'initial-weights', name);
    const tensor = filled([kernel, kernel, inputs, outputs], 0);
    const deviation = Math.sqrt(2 / (kernel * kernel * outputs));
    params[`${name}.weight`] = { shape: tensor.shape, data: tensor.data.map(() => deviation * random.normal()) };
  };
  const norm = (name: string, channels: number) => {
    params[`${name}.weight`] = filled([channels], 1);
    params[`${name}.bias`] = filled([channels], 0);
    buffers[`${name}.running_mean`] = filled([channels], 0);
    buffers[`${name}.running_var`] = filled([channels], 1);
  };

  convolution('conv1', 3, shape.inputChannels, shape.channels[0]);
  norm('bn1', shape.channels[0]);
  let inputs: number = shape.channels[0];
  shape.channels.forEach((channels, stage) => {
    for (let block = 0; block < shape.blocks; block++) {
      const prefix = `layer${stage + 1}.${block}`;
      convolution(`${prefix}.conv1`, 3, inputs, channels);
      norm(`${prefix}.bn1`, channels);
      convolution(`${prefix}.conv2`, 3, channels, channels);
      norm(`${prefix}.bn2`, channels);
      if (stage > 0 && block === 0) {
        convolution(`${prefix}.downsample.0`, 1, inputs, channels);
        norm(`${prefix}.downsample.1`, channels);
      }
      inputs = channels;
    }
  });
  Object.assign(params, growClassifier({}, shape.channels[2], classes, seed));
  return { params, buffers };
}

/**
 * The classifier for more classes: old rows are kept, new ones are drawn as fresh ones are.
 * @param old parameters with `fc.weight` [old classes, features] and `fc.bias`, or none yet
 */
export function growClassifier(old: PlainTensors, features: number, classes: number, seed: number): PlainTensors {
  const bound = 1 / Math.sqrt(features);
  const random = new RandomStream(seed, 'initial-weights', 'fc', classes);
  const draw = (shape: number[]) => {
    const tensor = filled(shape, 0);
    return { shape, data: tensor.data.map(() => bound * (2 * random.uniform() - 1)) };
  };
  const weight = draw([classes, features]);
  const bias = draw([classes]);
  weight.data.set(old['fc.weight']?.data ?? []);
  bias.data.set(old['fc.bias']?.data ?? []);
  return { 'fc.weight': weight, 'fc.bias': bias };
}
