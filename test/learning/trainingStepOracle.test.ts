import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { ENGINE_REGISTRY } from '../../src/engine/registry';
import { icarl } from '../../src/hosts/icarl';
import { HOST_MATH } from '../../src/learning/hostMath';
import { networkShape } from '../../src/learning/network';
import { trainingStep } from '../../src/learning/trainingStep';
import type { NamedTensors } from '../../src/ops/namedTensors';
import { oneHot } from '../../src/trainer/batches';
import { scalarOf, valuesOf } from '../../src/trainer/tensorData';
import { readFixture, relativeError } from './fixture';

/** Made by test/fixtures/training-step.py: one step of (6) with (5), momentum and weight decay, by PyTorch in float64. */
for (const entry of ENGINE_REGISTRY) {
  describe(`a training step of (6) on ${entry.name} against PyTorch`, function () {
    this.timeout(60_000);
    before(async function () {
      const probe = await entry.probe();
      if (!probe.ok) this.skip();
    });

    it('gives the same loss, weights, momentum and running statistics', async () => {
      const engine = await entry.load();
      try {
        const fixture = await readFixture('training-step.safetensors');
        const { number } = fixture;
        const step = engine.compile(
          'train',
          trainingStep(networkShape('resnet8', 3), icarl.loss(HOST_MATH), {
            momentum: number('momentum'),
            weightDecay: number('weightDecay'),
          }),
        );
        const [now, old] = [fixture.model('before/'), fixture.model('old/')];
        const output = step({
          ...now,
          momentum: fixture.group('momentum/'),
          images: fixture.tensor('images'),
          oneHot: oneHot(fixture.integers('labels'), number('seen')),
          learningRate: tf.scalar(number('learningRate')),
          scalars: { lambda: tf.scalar(number('lambda')), temperature: tf.scalar(number('temperature')) },
          oldParams: old.params,
          oldBuffers: old.buffers,
        });
        const loss = fixture.floats('loss')[0] ?? NaN;
        assert.ok(Math.abs((await scalarOf(output.loss)) - loss) <= 1e-6 * loss);
        await sameTensors({ ...output.params, ...output.buffers }, fixture.group('after/'), 1e-5);
        // Looser: a momentum is a small sum of large gradients.
        await sameTensors(output.momentum, fixture.group('afterMomentum/'), 1e-4);
      } finally {
        engine.dispose();
      }
    });
  });
}

async function sameTensors(actual: NamedTensors, expected: NamedTensors, limit: number): Promise<void> {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, tensor] of Object.entries(expected)) {
    const error = relativeError(await valuesOf(actual[name] as tf.Tensor), await valuesOf(tensor));
    assert.ok(error <= limit, `${name}: relative error ${error}`);
  }
}
