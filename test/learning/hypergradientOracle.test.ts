import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { ENGINE_REGISTRY } from '../../src/engine/registry';
import { hypergradient } from '../../src/learning/hypergradient';
import { adjointStep, innerStep, outerStep } from '../../src/learning/mnemonicsSteps';
import { smallResNet } from '../../src/learning/network';
import { oneHot } from '../../src/trainer/batches';
import { scalarOf, valuesOf } from '../../src/trainer/tensorData';
import { readFixture, relativeError } from './fixture';

/** algorithm.md, Verification: the smooth activation to 1e-4; relu to 1e-2, since one unit that changes sign moves it. */
const LIMITS = { squareplus: 1e-4, relu: 1e-2 } as const;

/** Made by test/fixtures/hypergradient.py: PyTorch's double backward in float64. */
async function problem(activation: keyof typeof LIMITS) {
  const { number, floats, integers, tensor, model } = await readFixture(`hypergradient-${activation}.safetensors`);
  const exemplars = tensor('exemplars');
  return {
    shape: smallResNet('resnet8', exemplars.shape[3] ?? 0, activation),
    model: model('model/'),
    exemplars,
    exemplarsOneHot: oneHot(integers('exemplar_labels'), number('classes')),
    images: tensor('data'),
    imagesOneHot: oneHot(integers('data_labels'), number('classes')),
    innerSteps: number('innerSteps'),
    innerLearningRate: tf.scalar(number('innerLearningRate')),
    expected: { gradient: floats('gradient'), loss: floats('loss')[0] ?? NaN },
  };
}

for (const entry of ENGINE_REGISTRY.filter(({ testOnly }) => !testOnly)) {
  describe(`the hypergradient on ${entry.name} against PyTorch's double backward`, function () {
    this.timeout(60_000);
    before(async function () {
      const probe = await entry.probe();
      if (!probe.ok) this.skip();
    });

    for (const activation of ['squareplus', 'relu'] as const) {
      it(`is within ${LIMITS[activation]} with ${activation}`, async () => {
        const engine = await entry.load();
        try {
          const { shape, expected, ...given } = await problem(activation);
          const steps = {
            inner: engine.compile('inner', innerStep(shape)),
            outer: engine.compile('outer', outerStep(shape)),
            adjoint: engine.compile('adjoint', adjointStep(shape)),
          };
          const { gradient, loss } = hypergradient(steps, given);
          const error = relativeError(await valuesOf(gradient), expected.gradient);
          if (process.env['PRINT_ERRORS']) console.log(`      ${entry.name}, ${activation}: ${error.toExponential(1)}`);
          assert.ok(error <= LIMITS[activation], `relative error ${error}`);
          assert.ok(Math.abs((await scalarOf(loss)) - expected.loss) <= 1e-5 * Math.abs(expected.loss));
        } finally {
          engine.dispose();
        }
      });
    }
  });
}
