import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';

/** What tfjs passes to a kernel. */
export interface KernelArgs {
  readonly inputs: Record<string, TensorInfo | undefined>;
  readonly attrs?: Record<string, unknown>;
  readonly backend: unknown;
}

/**
 * The contracts of our kernels, and their results from stock ops: for any backend, and the yardstick of the
 * backends that have better. x, y, dy and dx are float32 [N,H,W,C]; scale, offset, mean, variance [C].
 *
 * - `LabBatchNormTrain` {x, scale, offset} {epsilon} → [y, mean, variance]; variance is the biased one.
 * - `LabBatchNormTrainGrad` {dy, x, scale, mean, variance} {epsilon} → [dx, dscale, doffset].
 * - `LabReluGrad` {dy}, attribute x (no input, so that no gradient is asked for it), any shape → dy where x > 0, else 0.
 * - `LabBiasAddGrad` {dy [..., C]} → [C], the sum over all other axes.
 */
export function registerComposedKernels(backendName: string): void {
  register(backendName, 'LabBatchNormTrain', ({ inputs, attrs }) => {
    const { x, scale, offset } = required(inputs, 'x', 'scale', 'offset');
    const mean = channelMean(x as Tensor4D);
    const centred = tf.sub(x as Tensor4D, mean);
    const variance = channelMean(tf.square(centred));
    const y = tf.add(tf.mul(centred, tf.mul(scale as Tensor1D, inverseDeviation(variance, attrs))), offset as Tensor1D);
    return [y, mean, variance];
  });
  register(backendName, 'LabBatchNormTrainGrad', ({ inputs, attrs }) => {
    const { dy, x, scale, mean, variance } = required(inputs, 'dy', 'x', 'scale', 'mean', 'variance');
    const inverse = inverseDeviation(variance as Tensor1D, attrs);
    const normalised = tf.mul(tf.sub(x as Tensor4D, mean as Tensor1D), inverse);
    const doffset = channelSum(dy as Tensor4D);
    const dscale = channelSum(tf.mul(dy as Tensor4D, normalised));
    const count = rowCount(x);
    const centred = tf.sub(tf.sub(dy as Tensor4D, tf.div(doffset, count)), tf.mul(normalised, tf.div(dscale, count)));
    return [tf.mul(centred, tf.mul(scale as Tensor1D, inverse)), dscale, doffset];
  });
  register(backendName, 'LabReluGrad', ({ inputs, attrs }) => {
    const { dy, x } = required({ ...inputs, x: attrs?.['x'] as TensorInfo | undefined }, 'dy', 'x');
    return [tf.mul(dy as Tensor, tf.cast(tf.greater(x as Tensor, 0), 'float32'))];
  });
  register(backendName, 'LabBiasAddGrad', ({ inputs }) => [channelSum(required(inputs, 'dy').dy as Tensor)]);
}

function inverseDeviation(variance: Tensor1D, attrs: KernelArgs['attrs']): Tensor1D {
  return tf.rsqrt(tf.add(variance, Number(attrs?.['epsilon'])));
}

function leadingAxes({ shape }: TensorInfo): number[] {
  return shape.slice(0, -1).map((_, axis) => axis);
}

function channelMean(x: Tensor): Tensor1D {
  return tf.mean(x, leadingAxes(x));
}

function channelSum(x: Tensor): Tensor1D {
  return tf.sum(x, leadingAxes(x));
}

/** How many elements each channel has: N·H·W. */
function rowCount({ shape }: TensorInfo): number {
  return shape.slice(0, -1).reduce((product, size) => product * size, 1);
}

/** Registers a kernel whose stock ops run in a tidy: only what it returns stays. */
export function register(backendName: string, kernelName: string, run: (args: KernelArgs) => Tensor[]): void {
  const kernelFunc = (args: KernelArgs): TensorInfo | TensorInfo[] => {
    const outputs = tf.tidy(() => run(args));
    return outputs.length === 1 && outputs[0] ? outputs[0] : outputs;
  };
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as unknown as tf.KernelFunc });
}

/** The named inputs of a kernel. Throws an Error naming the one that is missing. */
export function required<K extends string>(inputs: KernelArgs['inputs'], ...names: K[]): Record<K, TensorInfo> {
  const found = names.map((name) => {
    const tensor = inputs[name];
    if (!tensor) throw new Error(`the kernel needs its input ${name}`);
    return [name, tensor] as const;
  });
  return Object.fromEntries(found) as Record<K, TensorInfo>;
}
