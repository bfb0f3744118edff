import * as tf from '@tensorflow/tfjs-core';
import { initialWeights } from '../../src/learning/initialWeights';
import type { PlainTensors } from '../../src/learning/model';
import type { NetworkShape } from '../../src/learning/network';
import { RandomStream } from '../../src/learning/randomStreams';
import { oneHot } from '../../src/trainer/batches';
import { toTensors } from '../../src/trainer/tensorData';

/** A network small enough to be differentiated numerically, with the smooth activation and running statistics that are not trivial. */
export function smallProblem(activation: NetworkShape['activation'] = 'squareplus', head: NetworkShape['head'] = 'linear') {
  const shape: NetworkShape = { stem: 'small', blocks: 1, channels: [3, 4, 5], inputChannels: 2, activation, head };
  const classes = 3;
  const { params, buffers } = initialWeights(shape, classes, 7);
  const random = new RandomStream(3, 'small-problem');
  const varied: PlainTensors = Object.fromEntries(
    Object.entries(buffers).map(([name, { shape: s, data }]) => [
      name,
      { shape: s, data: data.map(() => (name.endsWith('running_var') ? 0.5 + random.uniform() : 0.2 * random.normal())) },
    ]),
  );
  const images = (n: number) =>
    tf.tensor(
      Float32Array.from({ length: n * 8 * 8 * 2 }, () => random.normal()),
      [n, 8, 8, 2],
    );
  return {
    shape,
    model: { params: toTensors(params), buffers: toTensors(varied) },
    exemplars: images(4),
    exemplarsOneHot: oneHot([0, 1, 2, 1], classes),
    images: images(5),
    imagesOneHot: oneHot([2, 0, 1, 1, 0], classes),
    innerLearningRate: tf.scalar(0.1),
  };
}
