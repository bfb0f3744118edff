import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { STOCK_CONVOLUTIONS } from '../../src/protocol/engineInfo';
import { assertClose, noise } from './support/compare';
import { describeOnEngines, onCpu, valuesFrom } from './support/engines';

const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): tf.Tensor[] => {
  const outputs = tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor | tf.Tensor[];
  return Array.isArray(outputs) ? outputs : [outputs];
};

/** Runs a kernel on the current engine and on tfjs's plain backend. */
async function assertMatchesCpu(compute: () => tf.Tensor[], bound: number, what: string): Promise<void> {
  const actual = await valuesFrom(compute);
  const expected = await onCpu(compute);
  assert.equal(actual.length, expected.length, `${what}: number of outputs`);
  actual.forEach((output, i) => assertClose(output, expected[i] as Float32Array, bound, `${what}, output ${i}`));
}

const tensor = (shape: number[], seed: number): tf.Tensor => tf.tensor(noise(tf.util.sizeFromShape(shape), seed), shape);

describeOnEngines('our kernels', ['native', 'webgpu', 'wasm', 'cpu'], (engine) => {
  // One channel of the values 1, 2, 3, 6 and one of -1, 0, 0, 1: means 3 and 0, biased variances 3.5 and 0.5.
  const x = (): tf.Tensor => tf.tensor4d([1, -1, 2, 0, 3, 0, 6, 1], [1, 2, 2, 2]);

  it('normalise a batch, with the biased variance', async () => {
    const epsilon = 0.25;
    const [y, mean, variance] = await valuesFrom(() =>
      run('LabBatchNormTrain', { x: x(), scale: tf.tensor1d([2, -1]), offset: tf.tensor1d([0.5, 10]) }, { epsilon }),
    );
    assertClose(mean as Float32Array, [3, 0], 1e-6, 'mean');
    assertClose(variance as Float32Array, [3.5, 0.5], 1e-6, 'variance');
    const [d0, d1] = [Math.sqrt(3.75), Math.sqrt(0.75)];
    const expected = [1, 2, 3, 6].flatMap((value, i) => [(2 * (value - 3)) / d0 + 0.5, -([-1, 0, 0, 1][i] ?? 0) / d1 + 10]);
    assertClose(y as Float32Array, expected, 1e-6, 'y');
  });

  it('normalise a batch of a hundred thousand pixels by sums that do not lose them, and so its gradient', async () => {
    const shape: [number, number, number, number] = [112, 32, 32, 16];
    const [pixels, channels, epsilon] = [112 * 32 * 32, 16, 1e-5];
    const of = (i: number): number => i % channels;
    const x = noise(pixels * channels, 7).map((value, i) => value + of(i) / 8);
    const dy = noise(pixels * channels, 8).map((value, i) => value + 0.1 * (x[i] ?? 0));
    const scale = Float32Array.from({ length: channels }, (_, c) => 0.5 + c / 8);
    const means = (value: (i: number) => number): number[] => {
      const sums = new Array<number>(channels).fill(0);
      for (let i = 0; i < x.length; i++) sums[of(i)] = (sums[of(i)] ?? 0) + value(i);
      return sums.map((sum) => sum / pixels);
    };
    const mean = means((i) => x[i] ?? 0);
    const variance = means((i) => ((x[i] ?? 0) - (mean[of(i)] ?? 0)) ** 2);
    const inverse = variance.map((v) => 1 / Math.sqrt(v + epsilon));
    const normalised = Float64Array.from(x, (value, i) => (value - (mean[of(i)] ?? 0)) * (inverse[of(i)] ?? 0));
    const meanDy = means((i) => dy[i] ?? 0);
    const along = means((i) => (dy[i] ?? 0) * (normalised[i] ?? 0));
    const expected = {
      y: normalised.map((value, i) => value * (scale[of(i)] ?? 0)),
      dx: Float64Array.from(
        dy,
        (d, i) => (scale[of(i)] ?? 0) * (inverse[of(i)] ?? 0) * (d - (meanDy[of(i)] ?? 0) - (normalised[i] ?? 0) * (along[of(i)] ?? 0)),
      ),
      dscale: along.map((value) => value * pixels),
      doffset: meanDy.map((value) => value * pixels),
    };
    const [y, dx, dscale, doffset] = await valuesFrom(() => {
      const inputs = { x: tf.tensor4d(x, shape), scale: tf.tensor1d(scale) };
      const [first, ...statistics] = run('LabBatchNormTrain', { ...inputs, offset: tf.zeros([channels]) }, { epsilon });
      const attrs = { mean: statistics[0], variance: statistics[1], epsilon };
      return [first as tf.Tensor, ...run('LabBatchNormTrainGrad', { ...inputs, dy: tf.tensor4d(dy, shape) }, attrs)];
    });
    for (const [name, actual] of Object.entries({ y, dx, dscale, doffset })) {
      const wanted = expected[name as keyof typeof expected];
      const norm = (value: (i: number) => number) => Math.sqrt(Array.from(wanted, (_, i) => value(i) ** 2).reduce((a, b) => a + b));
      const error = norm((i) => (actual?.[i] ?? NaN) - (wanted[i] ?? 0)) / norm((i) => wanted[i] ?? 0);
      if (process.env['PRINT_ERRORS']) console.log(`      ${engine().info.engine}, ${name}: ${error.toExponential(1)}`);
      // Mean and variance are float32, too, which counts for more where a mean is large beside the deviation. Without our ops oneDNN adds pixels up one by one.
      const limit = engine().info.settings?.['convolutions'] === STOCK_CONVOLUTIONS ? 1e-4 : 3e-6;
      assert.ok(error < limit, `${name}: ${error}`);
    }
  });

  it('give the gradient of batch normalisation as written out by hand', async () => {
    const epsilon = 0.25;
    const dyValues = [0.5, 1, -1, 2, 0.25, -1, 3, 0.5];
    const [dx, dscale, doffset] = await valuesFrom(() =>
      run(
        'LabBatchNormTrainGrad',
        {
          dy: tf.tensor4d(dyValues, [1, 2, 2, 2]),
          x: x(),
          scale: tf.tensor1d([2, -1]),
        },
        { mean: tf.tensor1d([3, 0]), variance: tf.tensor1d([3.5, 0.5]), epsilon },
      ),
    );
    const expected = { dx: new Array<number>(8).fill(0), dscale: [0, 0], doffset: [0, 0] };
    for (const [channel, scale, mean, variance, xs] of [
      [0, 2, 3, 3.5, [1, 2, 3, 6]],
      [1, -1, 0, 0.5, [-1, 0, 0, 1]],
    ] as const) {
      const r = 1 / Math.sqrt(variance + epsilon);
      const normalised = xs.map((value) => (value - mean) * r);
      const dy = xs.map((_, i) => dyValues[2 * i + channel] ?? 0);
      const sum = dy.reduce((total, value) => total + value, 0);
      const product = dy.reduce((total, value, i) => total + value * (normalised[i] ?? 0), 0);
      expected.dscale[channel] = product;
      expected.doffset[channel] = sum;
      dy.forEach((value, i) => (expected.dx[2 * i + channel] = scale * r * (value - sum / 4 - ((normalised[i] ?? 0) * product) / 4)));
    }
    assertClose(dscale as Float32Array, expected.dscale, 2e-6, 'dscale');
    assertClose(doffset as Float32Array, expected.doffset, 2e-6, 'doffset');
    assertClose(dx as Float32Array, expected.dx, 2e-6, 'dx');
  });

  it('let a gradient through where x is positive, not at zero', async () => {
    const [dx] = await valuesFrom(() => run('LabReluGrad', { dy: tf.tensor1d([1, 2, 3, 4]) }, { x: tf.tensor1d([-1, 0, 1e-30, 5]) }));
    assert.deepEqual([...(dx as Float32Array)], [0, 0, 3, 4]);
  });

  it('sum a gradient over all axes but the last', async () => {
    for (const shape of [
      [3, 2],
      [2, 2, 3, 2],
      [5, 1, 1, 2],
    ]) {
      const dy = noise(tf.util.sizeFromShape(shape), 7);
      const expected = [0, 1].map((channel) => dy.filter((_, i) => i % 2 === channel).reduce((sum, value) => sum + value, 0));
      const [sums] = await valuesFrom(() => run('LabBiasAddGrad', { dy: tf.tensor(dy, shape) }));
      assertClose(sums as Float32Array, expected, 1e-6, shape.join('×'));
    }
  });
});

describeOnEngines('kernels at the size of a network', ['native', 'webgpu', 'wasm'], () => {
  it('agree with plain JavaScript in batch normalisation and its gradient', async function () {
    this.timeout(10_000);
    const shape = [6, 14, 14, 16];
    const far = (): tf.Tensor => tf.add(tf.mul(tensor(shape, 1), 3), 5);
    const [scale, offset] = [() => tensor([16], 2), () => tensor([16], 3)];
    const forward = (): tf.Tensor[] => run('LabBatchNormTrain', { x: far(), scale: scale(), offset: offset() }, { epsilon: 1e-5 });
    await assertMatchesCpu(forward, 1e-5, 'forward');
    const backward = (): tf.Tensor[] => {
      const [, mean, variance] = forward() as [tf.Tensor, tf.Tensor, tf.Tensor];
      return run('LabBatchNormTrainGrad', { dy: tensor(shape, 4), x: far(), scale: scale() }, { mean, variance, epsilon: 1e-5 });
    };
    await assertMatchesCpu(backward, 1e-5, 'gradient');
  });

  const cases = [
    { name: '3×3, stride 1, valid', size: [8, 9], filter: [3, 3, 3, 5], stride: 1, pad: 'valid' },
    { name: '3×3, stride 1, same', size: [8, 9], filter: [3, 3, 3, 5], stride: 1, pad: 'same' },
    { name: '3×3, stride 2, padded before, even rest', size: [10, 10], filter: [3, 3, 4, 6], stride: 2, pad: 'valid' },
    { name: '3×3, stride 2, odd size', size: [9, 11], filter: [3, 3, 4, 6], stride: 2, pad: 'valid' },
    { name: '3×3, stride 2, same', size: [8, 7], filter: [3, 3, 4, 6], stride: 2, pad: 'same' },
    { name: '1×1, stride 1', size: [5, 4], filter: [1, 1, 4, 3], stride: 1, pad: 'valid' },
    { name: '1×1, stride 2', size: [8, 8], filter: [1, 1, 4, 3], stride: 2, pad: 'valid' },
    { name: '1×1, stride 2, odd size', size: [7, 5], filter: [1, 1, 4, 3], stride: 2, pad: 'valid' },
    { name: '3×3 over one channel', size: [8, 8], filter: [3, 3, 1, 16], stride: 1, pad: 'same' },
    { name: 'the filter as large as the image', size: [3, 3], filter: [3, 3, 2, 4], stride: 1, pad: 'valid' },
  ] as const;

  for (const { name, size, filter, stride, pad } of cases) {
    it(`agree with plain JavaScript in a convolution and both its gradients: ${name}`, async () => {
      const inputShape = [3, size[0], size[1], filter[2]] as [number, number, number, number];
      const attrs = { strides: stride, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor' };
      const x = (): tf.Tensor4D => tensor(inputShape, 11) as tf.Tensor4D;
      const w = (): tf.Tensor4D => tensor([...filter], 12) as tf.Tensor4D;
      const { outShape } = tf.backend_util.computeConv2DInfo(inputShape, [...filter], stride, 1, pad);
      const dy = (): tf.Tensor => tensor(outShape, 13);
      await assertMatchesCpu(() => [tf.conv2d(x(), w(), stride, pad)], 2e-6, 'the convolution');
      await assertMatchesCpu(
        () => run('Conv2DBackpropFilter', { x: x(), dy: dy() }, { ...attrs, filterShape: [...filter] }),
        2e-6,
        "the filter's gradient",
      );
      await assertMatchesCpu(
        () => run('Conv2DBackpropInput', { dy: dy(), filter: w() }, { ...attrs, inputShape }),
        2e-6,
        "the input's gradient",
      );
    });
  }
});
