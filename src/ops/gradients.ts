import * as tf from '@tensorflow/tfjs-core';
import { broadcastTo, sumTo } from './broadcast';
import { asAttribute, LAB_KERNELS, runKernel, runKernelMultiple } from './kernels';

/*
 * Derivatives of the kernels behind ./ops, each written with ops of the same list, so that the second derivative comes
 * from the first's own tape. Rule for exactness: save inputs, not outputs. An output is taped before its producer, and
 * its own derivative is then lost without an error.
 */

type Saved = tf.Tensor[];
type Gradient = (dy: tf.Tensor, saved: Saved, attrs: tf.NamedAttrMap) => Record<string, () => tf.Tensor>;

const at = (saved: Saved, i: number): tf.Tensor => {
  const tensor = saved[i];
  if (!tensor) throw new Error('A gradient was given too few saved tensors');
  return tensor;
};

const define = (kernelName: string, inputsToSave: string[], gradient: Gradient): tf.GradConfig => ({
  kernelName,
  inputsToSave,
  gradFunc: (dy, saved, attrs) => gradient(dy as tf.Tensor, saved, attrs),
});

const binary = (kernelName: string, of: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => { a: () => tf.Tensor; b: () => tf.Tensor }) =>
  define(kernelName, ['a', 'b'], (dy, saved) => {
    const [a, b] = [at(saved, 0), at(saved, 1)];
    const { a: da, b: db } = of(dy, a, b);
    return { a: () => sumTo(da(), a.shape), b: () => sumTo(db(), b.shape) };
  });

const unary = (kernelName: string, of: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor) =>
  define(kernelName, ['x'], (dy, saved) => ({ x: () => of(dy, at(saved, 0)) }));

const half = (x: tf.Tensor) => tf.mul(x, 0.5);

const elementwise: tf.GradConfig[] = [
  binary('Add', (dy) => ({ a: () => dy, b: () => dy })),
  binary('Sub', (dy) => ({ a: () => dy, b: () => tf.neg(dy) })),
  binary('Multiply', (dy, a, b) => ({ a: () => tf.mul(dy, b), b: () => tf.mul(dy, a) })),
  binary('RealDiv', (dy, a, b) => ({ a: () => tf.div(dy, b), b: () => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))) })),
  unary('Neg', (dy) => tf.neg(dy)),
  unary('Exp', (dy, x) => tf.mul(dy, tf.exp(x))),
  unary('Log', (dy, x) => tf.div(dy, x)),
  unary('Sqrt', (dy, x) => half(tf.div(dy, tf.sqrt(x)))),
  unary('Rsqrt', (dy, x) => tf.neg(half(tf.div(tf.mul(dy, runKernel('Rsqrt', { x })), x)))),
  unary('Square', (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  // The one that saves its output, since it is a mask, to which no derivative goes. It is positive where the input is, and it
  // stays in memory anyway, as the next layer's input.
  {
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, saved) => ({ x: () => runKernel(LAB_KERNELS.reluGrad, { dy: dy as tf.Tensor }, { x: asAttribute(at(saved, 0)) }) }),
  },
  define(LAB_KERNELS.reluGrad, [], (ddx, _saved, attrs) => ({
    dy: () => runKernel(LAB_KERNELS.reluGrad, { dy: ddx }, attrs as { x: never }),
  })),
];

const shapes: tf.GradConfig[] = [
  define('ZerosLike', [], (dy) => ({ x: () => tf.zerosLike(dy) })),
  define('Identity', [], (dy) => ({ x: () => tf.clone(dy) })),
  // tfjs-core casts each gradient of a saved tensor to float32, which it is.
  define('Cast', [], (dy) => ({ x: () => tf.clone(dy) })),
  define('Reshape', ['x'], (dy, saved) => ({ x: () => tf.reshape(dy, at(saved, 0).shape) })),
  define('Sum', ['x'], (dy, saved, attrs) => {
    const x = at(saved, 0);
    const axes = tf.util.parseAxisParam(attrs['axis'] as unknown as number[], x.shape);
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return { x: () => broadcastTo(tf.reshape(dy, kept), x.shape) };
  }),
  define(LAB_KERNELS.biasAddGrad, ['dy'], (db, saved) => ({ dy: () => broadcastTo(db, at(saved, 0).shape) })),
  // Only ever called by broadcastTo, which tiles axes of size 1.
  define('Tile', ['x'], (dy, saved) => ({ x: () => sumTo(dy, at(saved, 0).shape) })),
  define('PadV2', ['x'], (dy, saved, attrs) => {
    const x = at(saved, 0);
    const begin = (attrs['paddings'] as unknown as [number, number][]).map(([before]) => before);
    return { x: () => tf.slice(dy, begin, x.shape) };
  }),
  define('Slice', ['x'], (dy, saved, attrs) => {
    const x = at(saved, 0);
    const begin = attrs['begin'] as unknown as number[];
    const paddings = x.shape.map((size, axis): [number, number] => {
      const before = begin[axis] ?? 0;
      return [before, size - before - (dy.shape[axis] ?? 0)];
    });
    return { x: () => tf.pad(dy, paddings) };
  }),
];

const matMul = define('BatchMatMul', ['a', 'b'], (dy, saved, attrs) => {
  const [a, b] = [at(saved, 0), at(saved, 1)];
  const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
  return {
    a: () => (transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB)),
    b: () => (transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false)),
  };
});

interface ConvAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same';
}
type T4 = tf.Tensor4D;
const shape4 = (t: tf.Tensor) => t.shape as [number, number, number, number];
const convAttributes = (attrs: tf.NamedAttrMap) => attrs as unknown as ConvAttributes;
const backpropInput = (xShape: [number, number, number, number], dy: tf.Tensor, filter: tf.Tensor, { strides, pad }: ConvAttributes) =>
  runKernel('Conv2DBackpropInput', { dy, filter }, { strides, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor', inputShape: xShape });
const backpropFilter = (x: tf.Tensor, dy: tf.Tensor, filterShape: [number, number, number, number], { strides, pad }: ConvAttributes) =>
  runKernel('Conv2DBackpropFilter', { x, dy }, { strides, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor', filterShape });
const conv = (x: tf.Tensor, filter: tf.Tensor, { strides, pad }: ConvAttributes) => tf.conv2d(x as T4, filter as T4, strides, pad);

/** A convolution, its input gradient and its filter gradient are each bilinear: each one's gradient is the other two. */
const convolution: tf.GradConfig[] = [
  define('Conv2D', ['x', 'filter'], (dy, saved, attrs) => {
    const [x, filter, a] = [at(saved, 0), at(saved, 1), convAttributes(attrs)];
    return { x: () => backpropInput(shape4(x), dy, filter, a), filter: () => backpropFilter(x, dy, shape4(filter), a) };
  }),
  define('Conv2DBackpropInput', ['dy', 'filter'], (ddx, saved, attrs) => {
    const [dy, filter, a] = [at(saved, 0), at(saved, 1), convAttributes(attrs)];
    return { dy: () => conv(ddx, filter, a), filter: () => backpropFilter(ddx, dy, shape4(filter), a) };
  }),
  define('Conv2DBackpropFilter', ['x', 'dy'], (ddw, saved, attrs) => {
    const [x, dy, a] = [at(saved, 0), at(saved, 1), convAttributes(attrs)];
    return { x: () => backpropInput(shape4(x), dy, ddw, a), dy: () => conv(x, ddw, a) };
  }),
];

/** Of a kernel with three outputs. In the body, not in a lazy closure: each closure has its own tidy, which would dispose the siblings. */
function runBatchNormKernel(name: string, inputs: tf.NamedTensorMap, attrs: BatchNormAttributes): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const { mean, variance, epsilon } = attrs;
  const outputs = runKernelMultiple(name, inputs, { mean: asAttribute(mean), variance: asAttribute(variance), epsilon });
  const [first, second, third] = outputs;
  if (!first || !second || !third) throw new Error(`${name} must have three outputs`);
  return [first, second, third];
}

interface BatchNormAttributes {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: number;
}

const batchNorm: tf.GradConfig[] = [
  {
    kernelName: LAB_KERNELS.batchNormTrain,
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, true, true],
    gradFunc: (dys, saved, attrs) => {
      const [x, scale, mean, variance] = [at(saved, 0), at(saved, 1), at(saved, 2), at(saved, 3)];
      const { epsilon } = attrs as unknown as { epsilon: number };
      const inputs = { dy: at(dys as tf.Tensor[], 0), x, scale };
      const [dx, dscale, doffset] = runBatchNormKernel(LAB_KERNELS.batchNormTrainGrad, inputs, { mean, variance, epsilon });
      return { x: () => dx, scale: () => dscale, offset: () => doffset };
    },
  },
  {
    kernelName: LAB_KERNELS.batchNormTrainGrad,
    inputsToSave: ['dy', 'x', 'scale'],
    gradFunc: (dys, saved, attrs) => {
      const [ddx, ddscale, ddoffset] = [0, 1, 2].map((i) => at(dys as tf.Tensor[], i)) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const inputs = { ddx, ddscale, ddoffset, dy: at(saved, 0), x: at(saved, 1), scale: at(saved, 2) };
      const attributes = attrs as unknown as BatchNormAttributes;
      const [ofDy, ofX, ofScale] = runBatchNormKernel(LAB_KERNELS.batchNormTrainGradGrad, inputs, attributes);
      return { dy: () => ofDy, x: () => ofX, scale: () => ofScale };
    },
  },
];

const constants: tf.GradConfig[] = [
  define(LAB_KERNELS.rowMaximum, ['x'], (_dy, saved) => ({ x: () => tf.zerosLike(at(saved, 0)) })),
  define(LAB_KERNELS.seed, [], (_dy, _saved, attrs) =>
    // Copies, because the tape disposes what it accumulates.
    Object.fromEntries(Object.entries(attrs).map(([name, direction]) => [name, () => tf.clone(direction as unknown as tf.Tensor)])),
  ),
];

let registered = false;

/** Registers the derivatives of every kernel that ./ops reaches. Idempotent. */
export function registerGradients(): void {
  if (registered) return;
  registered = true;
  for (const config of [...elementwise, ...shapes, matMul, ...convolution, ...batchNorm, ...constants]) tf.registerGradient(config);
}
