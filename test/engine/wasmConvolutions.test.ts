import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { assertClose } from './support/compare';
import { bothWays, KINDS } from './support/convolutionKernels';
import { describeOnEngines } from './support/engines';
import { outputSize, type ConvolutionCase } from './support/plainConvolution';

const BOUND = 1e-6;

function assertAgrees(c: ConvolutionCase): void {
  const { actual, expected } = bothWays(c);
  KINDS.forEach((what, i) => assertClose(actual[i] as Float32Array, expected[i] as Float64Array, BOUND, what));
}

const pair = (max: number, min = 0): fc.Arbitrary<[number, number]> => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

const cases: fc.Arbitrary<ConvolutionCase> = fc
  .record({
    images: fc.integer({ min: 1, max: 5 }),
    size: pair(9, 1),
    filter: fc.oneof(fc.constantFrom<[number, number]>([1, 1], [3, 3], [7, 7]), pair(5, 1)),
    inputs: fc.integer({ min: 1, max: 9 }),
    outputs: fc.integer({ min: 1, max: 19 }),
    stride: fc.oneof(fc.constantFrom<[number, number]>([1, 1], [2, 2]), pair(3, 1)),
    before: pair(3),
    after: pair(3),
  })
  .filter((c) => outputSize(c).every((size) => size >= 1));

/** Those that take Winograd's form, in either direction. */
const winogradCases: fc.Arbitrary<ConvolutionCase> = cases.map((c) => ({
  ...c,
  size: [c.size[0] + 2, c.size[1] + 2],
  filter: [3, 3],
  stride: [1, 1],
  inputs: 8 * (1 + (c.inputs % 3)),
  outputs: 8 * (1 + (c.outputs % 3)),
}));

describeOnEngines('the convolutions', ['wasm'], () => {
  it('and their gradients agree with sums in double precision for any shape, stride and zeros around', () => {
    fc.assert(fc.property(cases, assertAgrees), { numRuns: 300, seed: 7 });
  });

  it('do so for 3×3 filters of stride 1 whose channels fill the vectors', function () {
    this.timeout(30_000);
    fc.assert(fc.property(winogradCases, assertAgrees), { numRuns: 60, seed: 8 });
  });

  const wide = { images: 3, filter: [3, 3], before: [1, 1], after: [1, 1] } as const;
  for (const c of [
    { ...wide, size: [32, 32], inputs: 16, outputs: 16, stride: [1, 1] },
    { ...wide, size: [17, 16], inputs: 32, outputs: 40, stride: [2, 2] },
    { ...wide, images: 33, size: [8, 8], inputs: 64, outputs: 8, stride: [1, 1] },
    { ...wide, images: 2, size: [28, 28], filter: [7, 7], inputs: 1, outputs: 16, stride: [2, 2], before: [3, 3], after: [3, 3] },
  ] satisfies ConvolutionCase[]) {
    it(`agree at the size of a network: ${c.size.join('×')}×${c.inputs} → ${c.outputs}`, function () {
      this.timeout(20_000);
      assertAgrees(c);
    });
  }

  it('with dilation are left to the backend, and their gradients refused', () => {
    const [x, filter] = [tf.ones([1, 5, 5, 1]) as tf.Tensor4D, tf.ones([3, 3, 1, 1]) as tf.Tensor4D];
    const y = tf.conv2d(x, filter, 1, 'valid', 'NHWC', 2);
    assert.deepEqual([...y.dataSync()], [9]);
    const attrs = { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: 2, filterShape: filter.shape } as unknown as tf.NamedAttrMap;
    assert.throws(() => tf.engine().runKernel('Conv2DBackpropFilter', { x, dy: y }, attrs), /without dilation/);
    tf.dispose([x, filter, y]);
  });
});
