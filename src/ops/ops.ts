import * as tf from '@tensorflow/tfjs-core';
import { registerGradients } from './gradients';
import { asAttribute, LAB_KERNELS, runKernel, runKernelMultiple } from './kernels';

// The derivatives must be there before the first op runs; tfjs-core brings none of its own.
registerGradients();

/*
 * The ops that learning code may use: this list and no other. Each is differentiable twice, exactly, on every
 * engine; ./twiceDifferentiable lists the kernels that they may reach. Ops of tfjs that lose their second derivative
 * silently (exp, softmax, … with stock gradients) are therefore not to be used directly.
 * Images are [N, H, W, C], float32 throughout.
 */

/** Elementwise, with broadcasting as numpy's. */
export const add = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.add(a, b);
/** x + a constant. */
export const addScalar = (x: tf.Tensor, value: number): tf.Tensor => tf.add(x, value);
export const sub = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sub(a, b);
export const mul = (a: tf.Tensor, b: tf.Tensor | number): tf.Tensor => tf.mul(a, b);
export const div = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.div(a, b);
export const exp = (x: tf.Tensor): tf.Tensor => tf.exp(x);
export const log = (x: tf.Tensor): tf.Tensor => tf.log(x);
export const sqrt = (x: tf.Tensor): tf.Tensor => tf.sqrt(x);
export const square = (x: tf.Tensor): tf.Tensor => tf.square(x);
export const relu = (x: tf.Tensor): tf.Tensor => tf.relu(x);

/** Smooth relative of relu, (x + √(x² + 0.01)) / 2: what gradients are verified with. */
export const squareplus = (x: tf.Tensor): tf.Tensor => mul(add(x, sqrt(addScalar(square(x), 0.01))), 0.5);

/** 1 where x > 0, else 0, as a constant: no derivative goes through it. What masks are made of. */
export const step = (x: tf.Tensor): tf.Tensor => runKernel(LAB_KERNELS.reluGrad, { dy: tf.ones(x.shape) }, { x: asAttribute(x) });

/** The larger of two tensors of one shape, a + relu(b − a); where they are equal the derivative is a's. */
export const maximum = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => add(a, relu(sub(b, a)));

/** Sum over axes. */
export const sum = (x: tf.Tensor, axes?: number[], keepDims = false): tf.Tensor => tf.sum(x, axes, keepDims);

/** Mean over axes: a sum, scaled, since the stock mean's gradient makes full-size constants. */
export function mean(x: tf.Tensor, axes?: number[], keepDims = false): tf.Tensor {
  const over = axes ?? x.shape.map((_, axis) => axis);
  const count = over.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  return mul(sum(x, axes, keepDims), 1 / count);
}

/** a · bᵀ where `transposeB`, both of rank 2. */
export const matMul = (a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor =>
  tf.matMul(a, b, transposeA, transposeB);
export const reshape = (x: tf.Tensor, shape: number[]): tf.Tensor => tf.reshape(x, shape);
export const slice = (x: tf.Tensor, begin: number[], size: number[]): tf.Tensor => tf.slice(x, begin, size);

/** Zeros before and after along each axis. */
export const pad = (x: tf.Tensor, border: [before: number, after: number][]): tf.Tensor => tf.pad(x, border);

/**
 * Convolution with PyTorch's geometry: `padding` zeros on every side, then a stride.
 * @param x [N, H, W, I]
 * @param weight [kernel, kernel, I, O]
 */
export function conv2d(x: tf.Tensor, weight: tf.Tensor, stride: 1 | 2, padding: number): tf.Tensor {
  const w = weight as tf.Tensor4D;
  // Explicit padding is refused by tfjs-node; with stride 1, `same` is the same thing.
  if (padding === 0 || (stride === 1 && w.shape[0] === 2 * padding + 1))
    return tf.conv2d(x as tf.Tensor4D, w, stride, padding === 0 ? 'valid' : 'same');
  const border: [number, number] = [padding, padding];
  return tf.conv2d(tf.pad(x, [[0, 0], border, border, [0, 0]]) as tf.Tensor4D, w, stride, 'valid');
}

/**
 * Batch normalisation by the batch's own statistics.
 * @param x [N, H, W, C]
 * @returns y and the batch's mean and biased variance, both [C]; only y may be differentiated.
 */
export function batchNormTrain(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number) {
  const [y, batchMean, batchVariance] = runKernelMultiple(LAB_KERNELS.batchNormTrain, { x, scale, offset }, { epsilon });
  if (!y || !batchMean || !batchVariance) throw new Error('The batch norm kernel must have three outputs');
  return { y, batchMean, batchVariance };
}

/** 1 / √x. */
export const rsqrt = (x: tf.Tensor): tf.Tensor => runKernel('Rsqrt', { x });

/** The largest entry of each row, [n, c] → [n, 1], as a constant: no derivative goes through it. */
export const rowMaximum = (x: tf.Tensor): tf.Tensor => runKernel(LAB_KERNELS.rowMaximum, { x });
