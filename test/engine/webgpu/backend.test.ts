import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../../src/protocol/errors';
import { chooseEngine } from '../../../src/engine/choose';
import { describeEngines } from '../../../src/engine/describe';
import type { EngineEntry } from '../../../src/engine/registry';
import { loadWasm } from '../../../src/engine/wasm/load';
import { loadWebgpu } from '../../../src/engine/webgpu/load';
import { assertSameBits, noise } from '../support/compare';
import { describeOnEngines, valuesFrom, valuesOf } from '../support/engines';

describeOnEngines('the backend', ['webgpu'], (engine) => {
  it('computes the same bits of a small tensor that was just made as of one that was computed', async () => {
    const values = noise(100, 3);
    const ofFresh = (await valuesFrom(() => [tf.exp(tf.tensor1d(values))]))[0] as Float32Array;
    const ofComputed = (await valuesFrom(() => [tf.exp(tf.mul(tf.tensor1d(values), 1))]))[0] as Float32Array;
    assertSameBits(ofFresh, ofComputed, 'the exponential');
  });

  it('multiplies long matrices with the same bits each time', async () => {
    const [a, b] = [tf.tensor2d(noise(16 * 4096, 1), [16, 4096]), tf.tensor2d(noise(16 * 4096, 2), [4096, 16])];
    const product = async () => (await valuesFrom(() => [tf.matMul(a, b)]))[0] as Float32Array;
    const first = await product();
    for (let i = 0; i < 5; i++) assertSameBits(await product(), first, 'the product');
    tf.dispose([a, b]);
  });

  it('takes the values of an array as they are when the tensor is made', async () => {
    const array = Float32Array.of(1, 2, 3);
    const tensor = tf.tensor1d(array);
    array.fill(9);
    const doubled = tf.mul(tensor, 2);
    assert.deepEqual([...(await valuesOf(doubled))], [2, 4, 6]);
    tf.dispose([tensor, doubled]);
  });

  it('says in a sentence that what it computed can only be read asynchronously', () => {
    const tensor = tf.tidy(() => tf.mul(tf.tensor1d([1, 2]), 2));
    assert.throws(() => tensor.dataSync(), /await tensor\.data\(\)/);
    tensor.dispose();
  });

  it('sums many rows and keeps small terms', async () => {
    const count = 100_000;
    const [sum] = await valuesFrom(() => [tf.engine().runKernel('LabBiasAddGrad', { dy: tf.fill([count, 1], 0.1) }) as tf.Tensor]);
    // Added one after the other in float32 it would be off by 2e-4.
    assert.ok(Math.abs((sum?.[0] ?? NaN) / (count * Math.fround(0.1)) - 1) < 1e-6, String(sum?.[0]));
  });

  it('leaves no trace in `navigator`', () => {
    assert.equal((globalThis.navigator as { gpu?: unknown } | undefined)?.gpu, undefined);
    assert.equal(engine().info.engine, 'webgpu');
  });

  it('is taken before an engine on the CPU where its adapter counts as a GPU, and hands over to that when it is disposed', async () => {
    const registry: EngineEntry[] = [
      { name: 'wasm', probe: () => Promise.resolve({ ok: true, detail: '' }), load: loadWasm },
      { name: 'webgpu', probe: () => Promise.resolve({ ok: true, detail: '', onGpu: true }), load: loadWebgpu },
    ];
    const descriptions = await describeEngines({ registry, measure: false });
    assert.deepEqual(
      descriptions.map(({ name, chosen, available }) => [name, chosen, available]),
      [
        ['webgpu', true, true],
        ['wasm', false, true],
      ],
    );
    assert.match(descriptions[0]?.info?.versions['driver'] ?? '', /\d/);
    assert.equal(tf.getBackend(), 'wasm');
    const { engine: chosen } = await chooseEngine('auto', { registry });
    assert.equal(chosen.info.engine, 'webgpu');
    const [sum] = await valuesFrom(() => [tf.add(tf.tensor1d([1, 2]), 1)]);
    assert.deepEqual([...(sum ?? [])], [2, 3]);
    chosen.dispose();
  });

  it('ends with an error where the GPU reports one, and never returns values that nobody computed', async () => {
    const own = await loadWebgpu();
    const tooLarge = own.compile('too large', (x: tf.Tensor) => tf.sum(tf.tile(x, [1 << 15, 1 << 15])));
    const x = tf.tensor2d([[1]]);
    await assert.rejects(
      async () => {
        const total = tooLarge(x);
        await total.data();
      },
      (error) => error instanceof LabError && error.exitCode === 4 && /^The GPU reports an error: [^\n]+--engine/.test(error.message),
    );
    assert.throws(() => tooLarge(x), LabError);
    own.dispose();
  });
});
