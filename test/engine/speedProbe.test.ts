import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { probeSpeed } from '../../src/engine/speedProbe';
import { describeOnEngines } from './support/engines';

describeOnEngines('the speed probe', ['native', 'slow webgpu', 'wasm'], (engine) => {
  it('measures a speed and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const speed = await probeSpeed(engine(), 50, 1);
    assert.ok(speed > 0 && speed < 1e7, `${speed} images/s`);
    assert.equal(tf.memory().numTensors, before);
  });
});
