import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { runEagerly } from '../../src/engine/eager';
import { assertClose, assertSameBits, noise } from './support/compare';
import { describeOnEngines, valuesOf } from './support/engines';
import { trainingInputs, trainingStep } from './support/trainingStep';

describeOnEngines('a compiled step', ['native', 'webgpu', 'wasm', 'cpu'], (engine) => {
  it('gives what the step gives op by op, to the last bit', async () => {
    const inputs = trainingInputs();
    const compiled = engine().compile('train', trainingStep)(inputs);
    const eager = runEagerly('train', trainingStep, inputs);
    for (const [name, tensor] of Object.entries(eager.parameters)) {
      assertSameBits(await valuesOf(compiled.parameters[name] as tf.Tensor), await valuesOf(tensor), name);
    }
    assertSameBits(await valuesOf(compiled.loss), await valuesOf(eager.loss), 'loss');
    tf.dispose([inputs, compiled, eager] as unknown as tf.TensorContainer);
  });

  it('follows inputs that change from call to call, scalars too', async () => {
    const run = engine().compile('axpy', ({ a, x }: { a: tf.Tensor; x: tf.Tensor }) => tf.add(tf.mul(a, x), x));
    for (const value of [2, -3.5]) {
      const [a, x] = [tf.scalar(value), tf.tensor1d([1, 2])];
      const y = run({ a, x });
      assert.deepEqual([...(await valuesOf(y))], [1 + value, 2 + 2 * value]);
      tf.dispose([a, x, y]);
    }
  });

  it('serves several shapes of the same step', async () => {
    const run = engine().compile('sum', (x: tf.Tensor) => tf.sum(x));
    for (const size of [3, 5, 3]) {
      const x = tf.ones([size]);
      const total = run(x);
      assert.equal((await valuesOf(total))[0], size);
      tf.dispose([x, total]);
    }
  });

  it('returns tensors of its own where the step returns an input, a constant or one tensor twice', async () => {
    const constant = tf.tensor1d([7, 8]);
    const run = engine().compile('pass', ({ x }: { x: tf.Tensor }) => {
      const doubled = tf.mul(x, 2);
      return { input: x, constant: constant as tf.Tensor, once: doubled, again: doubled, deep: { reshaped: tf.reshape(x, [2, 1]) } };
    });
    const x = tf.tensor1d([1, 2]);
    for (let call = 0; call < 2; call++) {
      const outputs = run({ x });
      assert.deepEqual([...(await valuesOf(outputs.input))], [1, 2]);
      assert.deepEqual([...(await valuesOf(outputs.constant))], [7, 8]);
      assert.deepEqual([...(await valuesOf(outputs.deep.reshaped))], [1, 2]);
      assert.deepEqual(outputs.deep.reshaped.shape, [2, 1]);
      outputs.input.dispose();
      outputs.constant.dispose();
      outputs.once.dispose();
      assert.deepEqual([...(await valuesOf(outputs.again))], [2, 4], 'disposing one output leaves the other');
      outputs.again.dispose();
      outputs.deep.reshaped.dispose();
    }
    assert.deepEqual([...(await valuesOf(x)), ...(await valuesOf(constant))], [1, 2, 7, 8], 'the step leaves its inputs alone');
    tf.dispose([x, constant]);
  });

  it('keeps the names of the outputs in the order that the step gives them', async () => {
    const run = engine().compile('names', ({ z, a }: { z: tf.Tensor; a: tf.Tensor }) => ({
      z: tf.mul(z, 2),
      b: { y: tf.add(a, z), x: tf.mul(a, 3) },
      a,
    }));
    const inputs = { z: tf.scalar(1), a: tf.scalar(10) };
    for (let call = 0; call < 2; call++) {
      const outputs = run(inputs);
      assert.deepEqual(
        [Object.keys(outputs), Object.keys(outputs.b)],
        [
          ['z', 'b', 'a'],
          ['y', 'x'],
        ],
      );
      const values = await Promise.all([outputs.z, outputs.b.y, outputs.b.x, outputs.a].map(valuesOf));
      assert.deepEqual(
        values.map(([value]) => value),
        [2, 11, 30, 10],
      );
      tf.dispose(outputs as unknown as tf.TensorContainer);
    }
    tf.dispose(inputs);
  });

  it('takes one tensor as two inputs', async () => {
    const run = engine().compile('same', ({ a, b }: { a: tf.Tensor; b: tf.Tensor }) => tf.sub(tf.mul(a, 3), b));
    const [x, other] = [tf.tensor1d([1, 2]), tf.tensor1d([10, 20])];
    const same = run({ a: x, b: x });
    const different = run({ a: x, b: other });
    assert.deepEqual([...(await valuesOf(same)), ...(await valuesOf(different))], [2, 4, -7, -14]);
    tf.dispose([x, other, same, different]);
  });

  it('leaves no tensor behind but its outputs', () => {
    const inputs = trainingInputs();
    const run = engine().compile('train', trainingStep);
    const once = (): void => tf.dispose(run(inputs) as unknown as tf.TensorContainer);
    once();
    const before = tf.memory();
    for (let call = 0; call < 3; call++) once();
    const after = tf.memory();
    assert.deepEqual([after.numTensors, after.numDataBuffers], [before.numTensors, before.numDataBuffers]);
    tf.dispose(inputs as unknown as tf.TensorContainer);
  });

  it('throws what the step throws', () => {
    const run = engine().compile('faulty', (_: tf.Tensor): tf.Tensor => {
      throw new RangeError('of the step itself');
    });
    const x = tf.scalar(1);
    assert.throws(() => run(x), { name: 'RangeError', message: 'of the step itself' });
    x.dispose();
  });

  it('trains: the loss falls', async () => {
    const { image, labels, rate, parameters } = trainingInputs();
    const run = engine().compile('train', trainingStep);
    let state = parameters;
    const losses: number[] = [];
    for (let step = 0; step < 6; step++) {
      const next = run({ image, labels, rate, parameters: state });
      losses.push((await valuesOf(next.loss))[0] ?? Number.NaN);
      tf.dispose([state, next.loss] as unknown as tf.TensorContainer);
      state = next.parameters;
    }
    assert.ok((losses.at(-1) ?? Number.NaN) < 0.9 * (losses[0] ?? Number.NaN), losses.join(' '));
    tf.dispose([image, labels, rate, state] as unknown as tf.TensorContainer);
  });
});

describeOnEngines('an engine', ['native', 'webgpu', 'wasm'], (engine) => {
  it('says which one it is, and of which versions', () => {
    const { info } = engine();
    assert.match(info.versions['tfjs'] ?? '', /^\d+\.\d+\.\d+$/);
    assert.ok(info.threads >= 1 && info.device !== '' && info.reason !== '');
  });

  it('multiplies matrices as written out by hand', async () => {
    const [a, b] = [noise(6, 1), noise(12, 2)];
    const expected = [0, 1].flatMap((i) =>
      [0, 1, 2, 3].map((j) => [0, 1, 2].reduce((sum, k) => sum + (a[3 * i + k] ?? 0) * (b[4 * k + j] ?? 0), 0)),
    );
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, [2, 3]), tf.tensor2d(b, [3, 4])));
    assertClose(await valuesOf(product), expected, 1e-6, 'the product');
  });
});
