import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { loadCpu } from '../../src/engine/cpu/load';
import { gradients, seedWith } from '../../src/ops/differentiate';
import { LAB_KERNELS } from '../../src/ops/kernels';
import * as ops from '../../src/ops/ops';
import { RandomStream } from '../../src/learning/randomStreams';
import { TWICE_DIFFERENTIABLE } from '../../src/ops/twiceDifferentiable';
import { describeOnEngines } from '../engine/support/engines';
import { recordKernels } from './support/recordKernels';

type Shapes = Record<string, number[]>;

/** Each op of the list as a function of named inputs, with shapes that make every branch of its derivative count. */
const CASES: Record<string, { shapes: Shapes; positive?: string[]; run(t: Record<string, tf.Tensor>): tf.Tensor }> = {
  add: { shapes: { a: [2, 3], b: [2, 3] }, run: ({ a, b }) => ops.add(a!, b!) },
  'add, broadcast over rows': { shapes: { a: [2, 2, 2, 3], b: [3] }, run: ({ a, b }) => ops.add(a!, b!) },
  sub: { shapes: { a: [2, 3], b: [2, 1] }, run: ({ a, b }) => ops.sub(a!, b!) },
  mul: { shapes: { a: [2, 3], b: [3] }, run: ({ a, b }) => ops.mul(a!, b!) },
  'mul by a scalar': { shapes: { a: [2, 3], b: [] }, run: ({ a, b }) => ops.mul(a!, b!) },
  div: { shapes: { a: [2, 3], b: [2, 3] }, positive: ['b'], run: ({ a, b }) => ops.div(a!, b!) },
  exp: { shapes: { x: [5] }, run: ({ x }) => ops.exp(x!) },
  log: { shapes: { x: [5] }, positive: ['x'], run: ({ x }) => ops.log(x!) },
  sqrt: { shapes: { x: [5] }, positive: ['x'], run: ({ x }) => ops.sqrt(x!) },
  rsqrt: { shapes: { x: [5] }, positive: ['x'], run: ({ x }) => ops.rsqrt(x!) },
  square: { shapes: { x: [5] }, run: ({ x }) => ops.square(x!) },
  relu: { shapes: { x: [2, 3] }, run: ({ x }) => ops.relu(x!) },
  'step, a constant': { shapes: { x: [2, 3] }, run: ({ x }) => ops.mul(ops.square(x!), ops.step(x!)) },
  maximum: { shapes: { a: [3, 3], b: [3, 3] }, run: ({ a, b }) => ops.maximum(ops.square(a!), b!) },
  squareplus: { shapes: { x: [2, 3] }, run: ({ x }) => ops.squareplus(x!) },
  'sum over axes': { shapes: { x: [2, 3, 2] }, run: ({ x }) => ops.sum(x!, [1], true) },
  'mean over axes': { shapes: { x: [2, 3, 2, 2] }, run: ({ x }) => ops.mean(x!, [1, 2]) },
  matMul: { shapes: { a: [2, 3], b: [3, 4] }, run: ({ a, b }) => ops.matMul(a!, b!) },
  'matMul, b transposed': { shapes: { a: [2, 3], b: [4, 3] }, run: ({ a, b }) => ops.matMul(a!, b!, false, true) },
  'matMul, a transposed': { shapes: { a: [3, 2], b: [3, 4] }, run: ({ a, b }) => ops.matMul(a!, b!, true, false) },
  'matMul, both transposed': { shapes: { a: [3, 2], b: [4, 3] }, run: ({ a, b }) => ops.matMul(a!, b!, true, true) },
  reshape: { shapes: { x: [2, 3] }, run: ({ x }) => ops.reshape(x!, [3, 2]) },
  slice: { shapes: { x: [3, 4] }, run: ({ x }) => ops.slice(x!, [1, 0], [2, 3]) },
  pad: {
    shapes: { x: [2, 3] },
    run: ({ x }) =>
      ops.square(
        ops.addScalar(
          ops.pad(x!, [
            [1, 0],
            [0, 2],
          ]),
          1,
        ),
      ),
  },
  'conv2d 7×7, stride 2': { shapes: { x: [1, 9, 8, 2], w: [7, 7, 2, 2] }, run: ({ x, w }) => ops.mul(ops.conv2d(x!, w!, 2, 3), 0.1) },
  'conv2d 3×3': { shapes: { x: [2, 4, 4, 2], w: [3, 3, 2, 2] }, run: ({ x, w }) => ops.conv2d(x!, w!, 1, 1) },
  'conv2d 3×3, stride 2': { shapes: { x: [2, 4, 4, 2], w: [3, 3, 2, 2] }, run: ({ x, w }) => ops.conv2d(x!, w!, 2, 1) },
  'conv2d 3×3, stride 2, odd size': { shapes: { x: [1, 5, 5, 2], w: [3, 3, 2, 2] }, run: ({ x, w }) => ops.conv2d(x!, w!, 2, 1) },
  'conv2d 1×1, stride 2': { shapes: { x: [2, 4, 4, 2], w: [1, 1, 2, 3] }, run: ({ x, w }) => ops.conv2d(x!, w!, 2, 0) },
  // The logarithm of softmax doesn't depend on the maximum that is taken off.
  'rowMaximum, a constant': {
    shapes: { x: [2, 3] },
    run: ({ x }) => {
      const shifted = ops.sub(x!, ops.rowMaximum(x!));
      return ops.sub(shifted, ops.log(ops.sum(ops.exp(shifted), [1], true)));
    },
  },
  'batchNormTrain, many elements a channel': {
    shapes: { x: [3, 2, 3, 2], scale: [2], offset: [2] },
    run: ({ x, scale, offset }) => ops.batchNormTrain(x!, scale!, offset!, 0.1).y,
  },
  'batchNormTrain, two elements a channel': {
    shapes: { x: [2, 1, 1, 3], scale: [3], offset: [3] },
    run: ({ x, scale, offset }) => ops.batchNormTrain(x!, scale!, offset!, 0.1).y,
  },
};

/** Step of the differences; the functions are evaluated in float32. */
const STEP = 0.02;

describeOnEngines('first and second derivatives', ['native', 'webgpu', 'wasm', 'cpu'], () => {
  for (const [name, { shapes, positive = [], run }] of Object.entries(CASES)) {
    it(`of ${name} equal central differences`, async () => {
      tf.engine().startScope();
      try {
        const random = new RandomStream(5, 'derivatives', name);
        const draw = (shape: number[], above = false) => {
          const size = shape.reduce((a, b) => a * b, 1);
          // Away from relu's kink, so that a difference doesn't straddle it.
          const value = () => (random.uniform() < 0.5 && !above ? -1 : 1) * (0.3 + random.uniform());
          return tf.tensor(Float32Array.from({ length: size }, value), shape);
        };
        const at = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, draw(shape, positive.includes(key))]));
        const direction = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, draw(shape)]));
        const weights = draw(run(at).shape);
        // A cubic of the op's output: linear ops have a second derivative then, too.
        const f = (t: Record<string, tf.Tensor>) => {
          const y = ops.mul(run(t), weights);
          return ops.sum(ops.mul(ops.square(y), ops.addScalar(y, 1)));
        };
        const moved = (t: number) => Object.fromEntries(Object.entries(at).map(([key, x]) => [key, tf.add(x, tf.mul(direction[key]!, t))]));
        const number = async (t: tf.Tensor) => (await t.data())[0] ?? NaN;
        const along = async (g: Record<string, tf.Tensor>) => {
          const terms = Object.entries(g).map(([key, t]) => number(tf.sum(tf.mul(t, direction[key]!))));
          return (await Promise.all(terms)).reduce((total, term) => total + term, 0);
        };
        /** The derivative at 0, by differences of fourth order. */
        const difference = async (of: (t: number) => Promise<number>) =>
          (8 * ((await of(STEP)) - (await of(-STEP))) - ((await of(2 * STEP)) - (await of(-2 * STEP)))) / (12 * STEP);

        const first = await along(gradients(() => f(at), at).gradients);
        close(first, await difference((t) => number(f(moved(t)))), 2e-3);

        const slope = (t: number) => {
          const here = moved(t);
          return along(gradients(() => f(here), here).gradients);
        };
        const second = gradients(() => {
          const g = gradients(() => f(at), at).gradients;
          return Object.entries(g).reduce<tf.Tensor>(
            (total, [key, t]) => ops.add(total, ops.sum(ops.mul(t, direction[key]!))),
            tf.scalar(0),
          );
        }, at).gradients;
        close(await along(second), await difference(slope), 2e-3);
      } finally {
        tf.engine().endScope();
      }
    });
  }
});

it('the cases above reach every kernel of the list, but the seed that stands for an inner product', async () => {
  await loadCpu();
  const reached = recordKernels(() =>
    tf.tidy(() => {
      for (const { shapes, run } of Object.values(CASES)) {
        const at = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, tf.ones(shape)]));
        gradients(() => {
          const first = gradients(() => ops.sum(ops.square(run(at))), at).gradients;
          return Object.values(first).reduce<tf.Tensor>((total, t) => ops.add(total, ops.sum(ops.square(t))), tf.scalar(0));
        }, at);
      }
    }),
  );
  const without = [...TWICE_DIFFERENTIABLE].filter((name) => name !== LAB_KERNELS.seed && !reached.has(name));
  assert.deepEqual(without, []);
});

it('the seed has the derivatives of the inner product that it stands for', async () => {
  await loadCpu();
  tf.tidy(() => {
    const at = { x: tf.tensor1d([0.5, -1, 2]), y: tf.tensor1d([1, 3, -2]) };
    const v = { x: tf.tensor1d([1, -2, 0.5]), y: tf.tensor1d([0.25, 1, 3]) };
    const inner = () => gradients(() => ops.sum(ops.mul(ops.exp(at.x), ops.square(at.y))), at).gradients;
    const seeded = gradients(() => seedWith(inner(), v), at).gradients;
    const product = gradients(() => {
      const g = inner();
      return ops.add(ops.sum(ops.mul(g['x']!, v.x)), ops.sum(ops.mul(g['y']!, v.y)));
    }, at).gradients;
    for (const name of ['x', 'y']) assert.deepEqual(seeded[name]!.dataSync(), product[name]!.dataSync());
  });
});

function close(actual: number, expected: number, relative: number): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(0.1, Math.abs(expected)), `${actual} instead of ${expected}`);
}
