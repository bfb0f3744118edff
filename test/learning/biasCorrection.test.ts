import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { BIAS_CORRECTION, fitBiasStep, growCorrection, type FitInputs } from '../../src/learning/biasCorrection';
import { oneHot } from '../../src/trainer/batches';
import { scalarOf, valuesOf } from '../../src/trainer/tensorData';
import { describeOnEngines } from '../engine/support/engines';
import { assertClose, readFixture } from './fixture';

/** Made by test/fixtures/bias-fit.py: PyTorch in float64. */
describeOnEngines("BiC's fit against PyTorch", ['native', 'wasm', 'cpu'], (engine) => {
  it('finds the same scale and shift of the new classes', async function () {
    this.timeout(60_000);
    const fixture = await readFixture('bias-fit.safetensors');
    const { number } = fixture;
    const [old, seen] = [number('old'), number('seen')];
    const step = engine().compile('fit-bias', fitBiasStep);
    const fixed = {
      logits: fixture.tensor('logits'),
      oneHot: oneHot(fixture.integers('labels'), seen),
      isNew: tf.tensor(new Float32Array(seen).fill(1, old), [1, seen]),
      learningRate: tf.scalar(number('learningRate')),
    };
    let params: FitInputs['params'] = { scale: tf.tensor([1]), shift: tf.tensor([0]) };
    let momentum: FitInputs['momentum'] = { scale: tf.tensor([0]), shift: tf.tensor([0]) };
    let loss = NaN;
    for (let i = 0; i < number('steps'); i++) {
      const next = step({ params, momentum, ...fixed });
      params = next.params as FitInputs['params'];
      momentum = next.momentum;
      loss = await scalarOf(next.loss);
    }
    assertClose(await valuesOf(params.scale), fixture.floats('scale'), 1e-4, 'scale');
    assertClose(await valuesOf(params.shift), fixture.floats('shift'), 1e-4, 'shift');
    assertClose([loss], fixture.floats('loss'), 1e-5, 'loss');
  });
});

describe('the bias correction', () => {
  it('keeps what old classes have, and corrects nothing of new ones', () => {
    const first = growCorrection({}, 2);
    first[BIAS_CORRECTION.scale]?.data.fill(0.5);
    first[BIAS_CORRECTION.shift]?.data.fill(-1);
    const second = growCorrection(first, 4);
    assert.deepEqual([...(second[BIAS_CORRECTION.scale]?.data ?? [])], [0.5, 0.5, 1, 1]);
    assert.deepEqual([...(second[BIAS_CORRECTION.shift]?.data ?? [])], [-1, -1, 0, 0]);
  });
});
