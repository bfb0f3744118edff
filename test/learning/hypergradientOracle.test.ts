import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { ENGINE_REGISTRY } from '../../src/engine/registry';
import { hypergradient } from '../../src/learning/hypergradient';
import { adjointStep, innerStep, outerStep } from '../../src/learning/mnemonicsSteps';
import { smallResNet } from '../../src/learning/network';
import type { TensorData } from '../../src/store/dtypes';
import { readSafetensors } from '../../src/store/readSafetensors';
import { oneHot } from '../../src/trainer/batches';
import { scalarOf, valuesOf } from '../../src/trainer/tensorData';

/** algorithm.md, Verification: the smooth activation to 1e-4; relu to 1e-2, since one unit that changes sign moves it. */
const LIMITS = { squareplus: 1e-4, relu: 1e-2 } as const;

/** Fixtures made by test/fixtures/hypergradient.py: PyTorch's double backward in float64. */
async function problem(activation: keyof typeof LIMITS) {
  const { tensors, metadata } = await readSafetensors(join(__dirname, `../fixtures/hypergradient-${activation}.safetensors`));
  const array = (name: string) => tensors.get(name) as TensorData & { data: Float32Array };
  const toTensor = ({ data, shape }: TensorData & { data: Float32Array }) => tf.tensor(data, [...shape]);
  const model = Object.fromEntries(
    [...tensors.keys()]
      .filter((name) => name.startsWith('model/'))
      .map((name) => [
        name.slice('model/'.length),
        array(name).shape.length === 4 ? tf.transpose(toTensor(array(name)), [2, 3, 1, 0]) : toTensor(array(name)),
      ]),
  );
  const part = (running: boolean) => Object.fromEntries(Object.entries(model).filter(([name]) => name.includes('running_') === running));
  const classes = Number(metadata['classes']);
  return {
    shape: smallResNet('resnet8', array('exemplars').shape[3] ?? 0, activation),
    model: { params: part(false), buffers: part(true) },
    exemplars: toTensor(array('exemplars')),
    exemplarsOneHot: oneHot(array('exemplar_labels').data, classes),
    images: toTensor(array('data')),
    imagesOneHot: oneHot(array('data_labels').data, classes),
    innerSteps: Number(metadata['innerSteps']),
    innerLearningRate: tf.scalar(Number(metadata['innerLearningRate'])),
    expected: { gradient: array('gradient').data, loss: array('loss').data[0] ?? NaN },
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
          const g = await valuesOf(gradient);
          const error = Math.hypot(...g.map((value, i) => value - (expected.gradient[i] ?? 0))) / Math.hypot(...expected.gradient);
          assert.ok(error <= LIMITS[activation], `relative error ${error}`);
          assert.ok(Math.abs((await scalarOf(loss)) - expected.loss) <= 1e-5 * Math.abs(expected.loss));
          if (process.env['PRINT_ERRORS']) console.log(`      ${entry.name}, ${activation}: ${error.toExponential(1)}`);
        } finally {
          engine.dispose();
        }
      });
    }
  });
}
