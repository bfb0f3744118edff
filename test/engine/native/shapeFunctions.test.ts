import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { NativeBackend, OutputsOf } from '../../../src/engine/native/backend';
import { OpCall, RecordingError } from '../../../src/engine/native/opCall';
import { recordStep } from '../../../src/engine/native/record';
import { STOCK_CONVOLUTIONS } from '../../../src/protocol/engineInfo';
import { inferOutputs, RECORDABLE_OPS } from '../../../src/engine/native/shapeFunctions';
import { describeOnEngines } from '../support/engines';
import { executing } from '../support/executed';

type Compute = () => tf.Tensor | tf.Tensor[];

const backend = (): NativeBackend => tf.backend() as unknown as NativeBackend;
const sizes = (minLength: number, maxLength: number, max = 4) => fc.array(fc.integer({ min: 1, max }), { minLength, maxLength });
const of = (shape: readonly number[], dtype: 'float32' | 'int32' | 'bool' = 'float32'): tf.Tensor => tf.ones([...shape], dtype);
const kernel = (name: string, inputs: tf.NamedTensorMap, attrs: object = {}): tf.Tensor | tf.Tensor[] =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor | tf.Tensor[];
const anyOf = <T>(...values: T[]) => fc.constantFrom(...values);

/** A shape and some of its axes. */
const withAxes = (minRank: number) =>
  sizes(minRank, 4).chain((shape) => fc.tuple(fc.constant(shape), fc.subarray([...shape.keys()], { minLength: Math.min(1, minRank) })));
/** A shape of at least one axis, and one axis, from behind too. */
const withAxis = sizes(1, 4).chain((shape) => fc.tuple(fc.constant(shape), fc.integer({ min: -shape.length, max: shape.length - 1 })));
/** Two shapes that broadcast to one. */
const broadcastable = sizes(0, 4).chain((shape) => {
  const part = fc
    .tuple(fc.nat({ max: shape.length }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([from, ones]) => shape.map((size, axis) => (ones[axis] ? 1 : size)).slice(from));
  return fc.tuple(part, part);
});
const borders = (rank: number, max: number) => fc.array(fc.tuple(fc.nat({ max }), fc.nat({ max })), { minLength: rank, maxLength: rank });

type Shape4 = [number, number, number, number];
type Pair = [number, number];

const pair = (max: number): fc.Arbitrary<Pair> => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }));
const windowed = fc.record({
  image: fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 4, max: 12 }),
    fc.integer({ min: 4, max: 12 }),
    fc.integer({ min: 1, max: 3 }),
  ),
  window: pair(4),
  stride: pair(3),
  channels: fc.integer({ min: 1, max: 4 }),
  pad: anyOf<'same' | 'valid'>('same', 'valid'),
});
type Windowed = typeof windowed extends fc.Arbitrary<infer T> ? T : never;

const convolution = ({ image, window, stride, channels, pad }: Windowed): Compute[] => {
  const filterShape: Shape4 = [...window, image[3], channels];
  const { outShape } = tf.backend_util.computeConv2DInfo(image, filterShape, stride, 1, pad);
  const attrs = { strides: stride, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor' };
  return [
    () => tf.conv2d(of(image) as tf.Tensor4D, of(filterShape) as tf.Tensor4D, stride, pad),
    () => kernel('Conv2DBackpropInput', { dy: of(outShape), filter: of(filterShape) }, { ...attrs, inputShape: image }),
    () => kernel('Conv2DBackpropFilter', { x: of(image), dy: of(outShape) }, { ...attrs, filterShape }),
  ];
};

const all = (computes: Compute[]): Compute => {
  return () => computes.flatMap((compute) => compute());
};

const batchNorms =
  (shape: readonly number[]): Compute =>
  () => {
    const channels = of(shape.slice(-1));
    const [x, statistics] = [of(shape), { mean: channels, variance: channels, epsilon: 1e-5 }];
    const inputs = { dy: x, x, scale: channels };
    const seconds = { ddx: x, ddscale: channels, ddoffset: channels, ...inputs };
    return [
      kernel('LabBatchNormTrain', { x, scale: channels, offset: channels }, { epsilon: 1e-5 }),
      kernel('LabBatchNormTrainGrad', inputs, statistics),
      kernel('LabBatchNormTrainGradGrad', seconds, statistics),
      tf.batchNorm4d(x as tf.Tensor4D, channels as tf.Tensor1D, channels as tf.Tensor1D),
      kernel('LabBiasAddGrad', { dy: x }),
      tf.add(x, channels),
    ].flat();
  };

const UNARY = [
  ...[tf.abs, tf.ceil, tf.cos, tf.elu, tf.exp, tf.floor, tf.isNaN, tf.log, tf.neg, tf.onesLike, tf.reciprocal, tf.relu],
  ...[tf.round, tf.rsqrt, tf.sigmoid, tf.sign, tf.softplus, tf.sqrt, tf.square, tf.tanh, tf.zerosLike],
];
const BINARY = [tf.add, tf.sub, tf.mul, tf.maximum, tf.minimum, tf.mod, tf.pow, tf.squaredDifference, tf.equal, tf.greater];

/** Calls of ops with random shapes and attributes. */
const CASES: Record<string, fc.Arbitrary<Compute>> = {
  'unary ops': sizes(0, 5).map((shape) => () => [
    ...UNARY.map((op) => op(of(shape))),
    tf.leakyRelu(of(shape)),
    tf.logicalNot(of(shape, 'bool')),
  ]),
  'gradients of activations': sizes(0, 5).map((shape) => () => kernel('LabReluGrad', { dy: of(shape) }, { x: of(shape) })),
  'ops on rows': sizes(1, 4).map((shape) => () => [tf.softmax(of(shape)), tf.cumsum(of(shape), shape.length - 1)]),
  'sums of many': fc.tuple(sizes(0, 4), fc.integer({ min: 2, max: 4 })).map(([shape, count]) => {
    return () => tf.addN(Array.from({ length: count }, () => of(shape)));
  }),
  'binary ops that broadcast': fc
    .tuple(broadcastable, anyOf<'float32' | 'int32'>('float32', 'int32'))
    .map(([[a, b], dtype]) => () => [...BINARY.map((op) => op(of(a, dtype), of(b, dtype))), tf.div(of(a), of(b))]),
  reductions: fc
    .tuple(withAxes(0), fc.boolean())
    .map(([[shape, axes], keep]) => () => [
      ...[tf.sum, tf.mean, tf.max, tf.min, tf.prod].map((op) => op(of(shape), axes, keep)),
      ...[tf.all, tf.any].map((op) => op(of(shape, 'bool'), axes, keep)),
    ]),
  'places of extremes': withAxis.map(([shape, axis]) => () => [tf.argMax(of(shape), axis), tf.argMin(of(shape), axis)]),
  'convolutions and their gradients': windowed.map((given) => all(convolution(given))),
  'convolutions that ours take': windowed.map(({ image, channels }) => {
    const wide: Windowed['image'] = [image[0], image[1], image[2], 16 * image[3]];
    return all(convolution({ image: wide, window: [3, 3], stride: [1, 1], channels: 16 * channels, pad: 'same' }));
  }),
  'convolutions with borders of their own': fc
    .tuple(windowed, borders(2, 2))
    .map(([{ image, window, stride, channels }, [rows = [0, 0] as Pair, columns = [0, 0] as Pair]]) => {
      const filter: Shape4 = [...window, image[3], channels];
      return () => tf.conv2d(of(image) as tf.Tensor4D, of(filter) as tf.Tensor4D, stride, [[0, 0], rows, columns, [0, 0]]);
    }),
  'dilated convolutions': fc
    .tuple(windowed, fc.tuple(anyOf(1, 2, 3), anyOf(1, 2, 3)))
    .map(([{ image, window, channels, pad }, dilations]) => {
      const large = image.map((size, axis) => (axis === 1 || axis === 2 ? size + 10 : size));
      const filter: Shape4 = [...window, image[3], channels];
      return () => tf.conv2d(of(large) as tf.Tensor4D, of(filter) as tf.Tensor4D, 1, pad, 'NHWC', dilations);
    }),
  pooling: windowed.map(({ image, window, stride, pad }) => () => {
    const x = of(image) as tf.Tensor4D;
    return [tf.maxPool(x, window, stride, pad), tf.avgPool(x, window, stride, pad)];
  }),
  'batch norms and their derivatives': sizes(4, 4, 5).map(batchNorms),
  'batch norms that ours take': sizes(4, 4, 3).map((shape) => batchNorms(shape.with(3, 16 * (shape[3] ?? 0)))),
  'matrix products': fc
    .tuple(broadcastable, sizes(3, 3, 5), fc.boolean(), fc.boolean())
    .map(([[left, right], [m = 1, k = 1, n = 1], transposeA, transposeB]): Compute => {
      const a = of([...left, ...(transposeA ? [k, m] : [m, k])]);
      const b = of([...right, ...(transposeB ? [n, k] : [k, n])]);
      return () => tf.matMul(a, b, transposeA, transposeB);
    }),
  'products by an equation': sizes(3, 3).map(([i = 1, j = 1, k = 1]) => () => [
    tf.einsum('ij,kj->ik', of([i, j]), of([k, j])),
    tf.einsum('bij,bjk->bki', of([2, i, j]), of([2, j, k])),
    tf.einsum('ij->', of([i, j])),
  ]),
  padding: sizes(1, 4).chain((shape) =>
    borders(shape.length, 3).map((pads): Compute => () => {
      const mirrored = pads.map((pair, axis) => pair.map((size) => Math.min(size, (shape[axis] ?? 1) - 1)) as Pair);
      return [tf.pad(of(shape), pads), tf.mirrorPad(of(shape), mirrored, 'reflect')];
    }),
  ),
  parts: sizes(1, 4, 6).chain((shape) =>
    fc
      .tuple(
        ...shape.map((size) =>
          fc
            .nat({ max: size - 1 })
            .chain((begin) => fc.tuple(fc.constant(begin), fc.integer({ min: begin + 1, max: size }), fc.integer({ min: 1, max: 3 }))),
        ),
      )
      .map((cut): Compute => {
        const [begin, end, step] = [0, 1, 2].map((i) => cut.map((c) => c[i] ?? 0)) as [number[], number[], number[]];
        const size = end.map((last, axis) => last - (begin[axis] ?? 0));
        return () => [
          tf.slice(of(shape), begin, size),
          tf.slice(of(shape), begin),
          tf.stridedSlice(of(shape), begin, end, step),
          tf.stridedSlice(of(shape), begin, end, step, 1, 1, 0, 0, 1),
        ];
      }),
  ),
  'repeats, orders and new forms': sizes(1, 4).chain((shape) =>
    fc
      .tuple(
        fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
        sizes(shape.length, shape.length, 3),
        fc.nat({ max: shape.length - 1 }),
      )
      .map(([order, repeats, axis]): Compute => () => [
        tf.transpose(of(shape), order),
        tf.tile(of(shape), repeats),
        tf.reverse(of(shape), [axis]),
        tf.reshape(of(shape), [-1, shape.at(-1) ?? 1]),
        tf.expandDims(of(shape), axis),
        tf.expandDims(of(shape), -1),
        tf.concat([of(shape), of(shape.with(axis, 2)), of(shape.with(axis, 3))], axis),
        tf.stack([of(shape), of(shape)], axis),
        ...tf.unstack(of(shape), axis),
        ...tf.split(of(shape.with(axis, 5)), [1, 3, 1], axis),
      ]),
  ),
  choices: fc
    .tuple(withAxis, sizes(1, 2, 3))
    .map(([[shape, axis], indices]): Compute => () => [
      tf.gather(of(shape), tf.zeros(indices, 'int32'), axis < 0 ? axis + shape.length : axis),
      ...Object.values(tf.topk(of(shape), 1)),
      tf.where(of(shape, 'bool'), of(shape), tf.neg(of(shape))),
      tf.oneHot(tf.zeros(indices, 'int32'), 5),
    ]),
  'fresh tensors': fc
    .tuple(sizes(0, 3), fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 20 }), anyOf(1, 2, 3, 0.5))
    .map(([shape, start, count, step]): Compute => () => [
      tf.fill(shape, 2),
      tf.linspace(start, start + 1, count),
      tf.range(start, start + count, step, 'float32'),
      tf.range(start + count, start, -step, 'float32'),
      tf.cast(of(shape), 'int32'),
      tf.cast(of(shape), 'bool'),
      tf.cast(of(shape, 'int32'), 'float32'),
    ]),
};

describeOnEngines('the inferred shape of an op is the one that TensorFlow gives', ['native'], (engine) => {
  const compared = new Set<string>(['Identity']);

  /** Executes each op, infers it as well, and compares. */
  const comparing = (): OutputsOf => {
    const execute = executing(backend());
    return (op, attrs, inputs, count) => {
      const outputs = execute(op, attrs, inputs, count);
      const valuesOf = (input: number) => backend().readSync(inputs[input]?.dataId as object) as Float32Array;
      const inferred = inferOutputs(new OpCall(op, attrs, inputs, valuesOf));
      const actual = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
      const given = inputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join(' ');
      assert.deepEqual(inferred, actual, `${op} of ${given}`);
      compared.add(op);
      return outputs;
    };
  };

  for (const [name, computes] of Object.entries(CASES))
    it(name, () => {
      fc.assert(
        fc.property(computes, (compute) => {
          tf.tidy(() => void recordStep(backend(), () => Object.fromEntries([compute()].flat().entries()), {}, comparing()));
        }),
        { numRuns: 150 },
      );
    });

  it('and no op is listed that was not compared', () => {
    const ours = engine().info.settings?.['convolutions'] !== STOCK_CONVOLUTIONS;
    const listed = RECORDABLE_OPS.filter((op) => ours || !op.startsWith('LabConv'));
    assert.deepEqual(
      listed.filter((op) => !compared.has(op)),
      [],
    );
  });
});

describeOnEngines('what can not be recorded', ['native'], () => {
  const assertRefused = (step: (x: tf.Tensor) => tf.Tensor, message: RegExp): void => {
    const x = tf.tensor1d([1, 2, 3]);
    const before = tf.memory().numTensors;
    assert.throws(
      () => recordStep(backend(), step, x),
      (error) => error instanceof RecordingError && message.test(error.message),
    );
    assert.equal(tf.memory().numTensors, before);
    x.dispose();
  };

  it('is an op that is not listed, named', () => assertRefused((x) => tf.erf(x), /^Erf can't be recorded/));

  it('is a step that reads a value', () => {
    assertRefused((x) => tf.mul(x, tf.sum(x).dataSync()[0] ?? 0), /reads a value/);
    assertRefused((x) => tf.gather(x, tf.cast(x, 'int32')), /reads a value/);
  });

  it('is a shape that depends on a value', () => {
    const sizesFrom = (x: tf.Tensor): tf.Tensor => {
      const type = { name: 'T', type: backend().binding.TF_ATTR_TYPE, value: backend().binding.TF_FLOAT };
      return backend().executeSingleOutput('Fill', [type], [tf.cast(x, 'int32'), tf.scalar(1)]);
    };
    assertRefused(sizesFrom, /^Fill has a shape that depends on a value/);
  });
});
