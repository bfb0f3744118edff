import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { runEagerly } from '../../../src/engine/eager';
import { assertClose, assertSameBits, noise } from '../support/compare';
import { describeOnEngines } from '../support/engines';

type Unary = (x: tf.Tensor) => tf.Tensor;

// One op each, on x [2,4,4,3] of values in [-1, 1): what learning code uses, and what it may come to use.
const rows: Unary = (x) => tf.reshape(x, [8, 12]);
const OPS: Record<string, Unary> = {
  abs: (x) => tf.abs(x),
  add: (x) => tf.add(x, x),
  'add a constant': (x) => tf.add(x, 1.5),
  'add a channel': (x) => tf.add(x, tf.tensor1d([1, 2, 3])),
  addN: (x) => tf.addN([x, tf.square(x), x]),
  all: (x) => tf.all(tf.greater(x, 0), 1),
  any: (x) => tf.any(tf.greater(x, 0.5), [1, 2]),
  argMax: (x) => tf.argMax(rows(x), 1),
  argMin: (x) => tf.argMin(rows(x), 1),
  avgPool: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'),
  batchNorm: (x) => tf.batchNorm(x as tf.Tensor4D, [0.1, 0.2, 0.3], [1, 2, 3], [0, 1, 2], [1, 1, 2], 1e-5),
  broadcastTo: (x) => tf.broadcastTo(tf.slice(x, [0, 0, 0, 0], [2, 1, 4, 3]), [2, 4, 4, 3]),
  cast: (x) => tf.cast(tf.mul(x, 10), 'int32'),
  ceil: (x) => tf.ceil(tf.mul(x, 3)),
  clipByValue: (x) => tf.clipByValue(x, -0.5, 0.25),
  clone: (x) => tf.clone(x),
  concat: (x) => tf.concat([x, tf.neg(x)], 3),
  conv2d: (x) => tf.conv2d(x as tf.Tensor4D, tf.tensor4d(noise(54, 3), [3, 3, 3, 2]), 1, 'same'),
  cos: (x) => tf.cos(x),
  cumsum: (x) => tf.cumsum(x, 1),
  div: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  divNoNan: (x) => tf.divNoNan(x, x),
  einsum: (x) => tf.einsum('ij,kj->ik', rows(x), rows(x)),
  elu: (x) => tf.elu(x),
  equal: (x) => tf.equal(x, tf.relu(x)),
  exp: (x) => tf.exp(x),
  expandDims: (x) => tf.expandDims(x, 2),
  fill: (x) => tf.mul(x, tf.fill([4, 3], 0.25)),
  floor: (x) => tf.floor(tf.mul(x, 3)),
  gather: (x) => tf.gather(rows(x), tf.tensor1d([3, 0, 3], 'int32')),
  greater: (x) => tf.greater(x, 0),
  isNaN: (x) => tf.isNaN(tf.sqrt(x)),
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  linspace: (x) => tf.mul(rows(x), tf.linspace(0, 1, 12)),
  log: (x) => tf.log(tf.abs(x)),
  logicalNot: (x) => tf.logicalNot(tf.greater(x, 0)),
  logSoftmax: (x) => tf.logSoftmax(rows(x)),
  logSumExp: (x) => tf.logSumExp(rows(x), 1),
  matMul: (x) => tf.matMul(rows(x), rows(x), false, true),
  max: (x) => tf.max(x, [1, 2]),
  maxPool: (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'),
  mean: (x) => tf.mean(x, [1, 2]),
  min: (x) => tf.min(x, 3, true),
  minimum: (x) => tf.minimum(x, 0.1),
  mirrorPad: (x) =>
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      'reflect',
    ),
  mod: (x) => tf.mod(tf.mul(x, 10), 3),
  moments: (x) => tf.moments(x, [0, 1, 2]).variance,
  mul: (x) => tf.mul(x, x),
  neg: (x) => tf.neg(x),
  norm: (x) => tf.norm(rows(x), 2, 1),
  oneHot: (x) => tf.oneHot(tf.argMax(rows(x), 1), 12),
  onesLike: (x) => tf.onesLike(x),
  pad: (x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 0],
      ],
      0.5,
    ),
  pow: (x) => tf.pow(tf.abs(x), 2.5),
  prod: (x) => tf.prod(x, 1),
  range: (x) => tf.mul(rows(x), tf.range(0, 12)),
  reciprocal: (x) => tf.reciprocal(x),
  relu: (x) => tf.relu(x),
  reverse: (x) => tf.reverse(x, [1, 2]),
  round: (x) => tf.round(tf.mul(x, 5)),
  rsqrt: (x) => tf.rsqrt(tf.abs(x)),
  select: (x) => tf.where(tf.greater(x, 0), x, tf.square(x)),
  sigmoid: (x) => tf.sigmoid(x),
  sign: (x) => tf.sign(x),
  slice: (x) => tf.slice(x, [0, 1, 1, 0], [2, 2, -1, 2]),
  softmax: (x) => tf.softmax(rows(x)),
  softplus: (x) => tf.softplus(x),
  split: (x) => tf.split(x, [1, 3], 1)[1] as tf.Tensor,
  sqrt: (x) => tf.sqrt(tf.abs(x)),
  squaredDifference: (x) => tf.squaredDifference(x, tf.relu(x)),
  squeeze: (x) => tf.squeeze(tf.slice(x, [0, 0, 0, 0], [1, 4, 4, 1])),
  stack: (x) => tf.stack([x, x], 1),
  step: (x) => tf.step(x),
  stridedSlice: (x) => tf.stridedSlice(x, [0, 0, 1, 0], [2, 4, 4, 3], [1, 2, 2, 1]),
  sub: (x) => tf.sub(x, 0.5),
  sum: (x) => tf.sum(x, [0, 1, 2]),
  tanh: (x) => tf.tanh(x),
  tile: (x) => tf.tile(x, [1, 2, 1, 1]),
  topk: (x) => tf.topk(rows(x), 3).values,
  transpose: (x) => tf.transpose(x, [3, 1, 2, 0]),
  unstack: (x) => tf.unstack(x, 1)[2] as tf.Tensor,
  'zeros of a large size': (x) => tf.add(tf.zeros([64, 4, 4, 3]), tf.slice(x, [0, 0, 0, 0], [1, 4, 4, 3])),
  'negative zeros': (x) => tf.mul(tf.tensor1d([-0, -0, -0]), tf.abs(x)),
  zerosLike: (x) => tf.zerosLike(x),
};

// TensorFlow's graph optimiser rewrites these into other ops, which round differently.
const ROUNDED_DIFFERENTLY = ['batchNorm', 'softmax'];

describeOnEngines('a recorded op', ['native'], (engine) => {
  for (const [name, op] of Object.entries(OPS)) {
    it(`${name} gives what the op itself gives, on other values than it was recorded with`, () => {
      const [recorded, other] = [1, 2].map((seed) => tf.tensor4d(noise(96, seed), [2, 4, 4, 3])) as [tf.Tensor4D, tf.Tensor4D];
      const run = engine().compile(name, op);
      tf.dispose(run(recorded));
      const actual = run(other);
      const expected = runEagerly(name, op, other as tf.Tensor);
      assert.equal(actual.dtype, expected.dtype);
      assert.deepEqual(actual.shape, expected.shape);
      if (ROUNDED_DIFFERENTLY.includes(name)) assertClose(actual.dataSync(), expected.dataSync(), 2e-7, name);
      else assertSameBits(actual.dataSync(), expected.dataSync(), name);
      tf.dispose([recorded, other, actual, expected]);
    });
  }
});
