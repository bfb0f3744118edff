import * as tf from '@tensorflow/tfjs-core';
import { hypergradient } from '../../src/learning/hypergradient';
import { forward, FROZEN, networkShape, type NetworkShape } from '../../src/learning/network';
import type { NamedTensors } from '../../src/ops/namedTensors';
import { oneHot } from '../../src/trainer/batches';
import { compileHypergradient } from '../../src/trainer/compileHypergradient';
import { valuesOf } from '../../src/trainer/tensorData';
import { describeOnEngines } from '../engine/support/engines';
import { assertClose, readFixture } from './fixture';

const small = (head: NetworkShape['head']): NetworkShape => ({ ...networkShape('resnet8', 3, 'squareplus', head), channels: [6, 8, 12] });
const imagenet = (head: NetworkShape['head']): NetworkShape => ({
  ...networkShape('resnet18', 3, 'squareplus', head),
  channels: [4, 6, 8, 10],
});
const FORMS: Readonly<Record<string, NetworkShape>> = {
  linear: small('linear'),
  cosine: small('cosine'),
  imagenet: imagenet('linear'),
  'imagenet-cosine': imagenet('cosine'),
  transfer: small('linear'),
  correction: small('linear'),
};

/** Made by test/fixtures/network-forms.py: PyTorch's forward pass and double backward in float64. */
describeOnEngines('every form of network against PyTorch', ['native', 'wasm', 'cpu'], (engine) => {
  for (const [name, shape] of Object.entries(FORMS)) {
    it(`${name}: features, scores, logits, and the gradient of (9) through three inner steps`, async function () {
      this.timeout(120_000);
      const fixture = await readFixture('network-forms.safetensors');
      const model = fixture.model(`model/${name}/`);
      const images = fixture.tensor(`data.${name}`);
      const predict = engine().compile('predict', (inputs: { params: NamedTensors; buffers: NamedTensors; images: tf.Tensor }) => ({
        ...forward(shape, inputs, inputs.images, FROZEN),
      }));
      const output = predict({ ...model, images });
      for (const key of ['features', 'scores', 'logits'] as const) {
        assertClose(await valuesOf(output[key]), fixture.floats(`${key}.${name}`), 1e-5, `${name} ${key}`);
      }
      const labels = (key: string) => oneHot(fixture.integers(key), fixture.number('classes'));
      const { gradient } = hypergradient(compileHypergradient(engine(), shape, { mode: 'exact', innerBatchNorm: 'frozen' }), {
        model,
        exemplars: fixture.tensor(`exemplars.${name}`),
        exemplarsOneHot: labels('exemplar_labels'),
        images,
        imagesOneHot: labels('data_labels'),
        innerSteps: fixture.number('innerSteps'),
        innerLearningRate: tf.scalar(fixture.number('innerLearningRate')),
      });
      assertClose(await valuesOf(gradient), fixture.floats(`gradient.${name}`), 1e-4, `${name} gradient`);
    });
  }
});
