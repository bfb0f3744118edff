import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { assertClose, noise } from './support/compare';
import { describeOnEngines, onCpu } from './support/engines';

const run = (name: string, inputs: tf.NamedTensorMap, attrs: object = {}): tf.Tensor[] =>
  [tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor | tf.Tensor[]].flat();

const tensor = (shape: readonly number[], seed: number): tf.Tensor => tf.tensor(noise(tf.util.sizeFromShape([...shape]), seed), [...shape]);

/** Holds outputs of this engine against those of plain JavaScript. */
async function assertMatchesCpu(compute: () => tf.Tensor[], bound: number): Promise<void> {
  const actual = tf.tidy(() => compute().map((output) => Float32Array.from(output.dataSync())));
  const expected = await onCpu(compute);
  assert.equal(actual.length, expected.length);
  actual.forEach((values, i) => assertClose(values, expected[i] as Float32Array, bound, `output ${i}`));
}

const shapes = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 13 }),
  fc.integer({ min: 1, max: 13 }),
  fc.integer({ min: 1, max: 21 }),
);

describeOnEngines('kernels by channel, of any size,', ['wasm'], () => {
  it('give batch normalisation and its gradient as stock ops do', async function () {
    this.timeout(30_000);
    await fc.assert(
      // With few elements a channel, what is left of a difference is rounding.
      fc.asyncProperty(
        shapes.filter(([n, h, w]) => n * h * w > 8),
        async (shape) => {
          const channels = [shape[3]];
          const compute = (): tf.Tensor[] => {
            const x = tf.add(tf.mul(tensor(shape, 1), 2), 3);
            const scale = tensor(channels, 2);
            const forward = run('LabBatchNormTrain', { x, scale, offset: tensor(channels, 3) }, { epsilon: 1e-5 });
            const [, mean, variance] = forward;
            return [...forward, ...run('LabBatchNormTrainGrad', { dy: tensor(shape, 4), x, scale }, { mean, variance, epsilon: 1e-5 })];
          };
          await assertMatchesCpu(compute, 2e-5);
        },
      ),
      { numRuns: 60, seed: 3 },
    );
  });

  it('add a bias, sum a gradient, pass it through relu, and repeat a mean over the pixels', async function () {
    this.timeout(30_000);
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const [n, h, w, c] = shape;
        await assertMatchesCpu(
          () => [
            tf.add(tensor(shape, 5), tensor([c], 6)),
            tf.add(tensor([n * h, c], 5), tensor([c], 6)),
            ...run('LabBiasAddGrad', { dy: tensor(shape, 7) }),
            ...run('LabReluGrad', { dy: tensor(shape, 8) }, { x: tensor(shape, 9) }),
            tf.tile(tensor([n, 1, 1, c], 10), [1, h, w, 1]),
          ],
          2e-6,
        );
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('leave other sums and repetitions to the backend', () => {
    const [a, b] = [tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([10, 20], [2, 1])];
    const [rows, both, whole] = [tf.add(a, b), tf.tile(a, [2, 1]), tf.add(tf.scalar(1, 'int32'), tf.tensor1d([1, 2], 'int32'))];
    assert.deepEqual([...rows.dataSync()], [11, 12, 23, 24]);
    assert.deepEqual([...both.dataSync()], [1, 2, 3, 4, 1, 2, 3, 4]);
    assert.deepEqual([...whole.dataSync()], [2, 3]);
    tf.dispose([a, b, rows, both, whole]);
  });

  it('copy a tensor as one more reference to its numbers, which outlives the first', () => {
    const before = tf.memory();
    const first = tf.tensor1d([1, 2, 3]);
    const second = first.clone();
    first.dispose();
    assert.deepEqual([...second.dataSync()], [1, 2, 3]);
    second.dispose();
    const after = tf.memory();
    assert.deepEqual([after.numTensors, after.numDataBuffers], [before.numTensors, before.numDataBuffers]);
  });
});
