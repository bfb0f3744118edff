import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { batchNormTrainGradGrad } from './batchNormGradGrad';
import { elementsByChannel, inverseDeviation, register, required, statisticsOf } from './kernelArgs';

/** How a backend reduces all axes but the last, [..., C] → [C]. */
export interface ChannelReductions {
  sum(x: Tensor): Tensor1D;
  mean(x: Tensor): Tensor1D;
}

/**
 * The contracts of our kernels, and their results from stock ops: for any backend, and the yardstick of the
 * backends that have better. x, y, dy and dx are float32 [N,H,W,C]; scale, offset, mean, variance [C].
 *
 * - `LabBatchNormTrain` {x, scale, offset} {epsilon} → [y, mean, variance]; variance is the biased one.
 * - `LabBatchNormTrainGrad` {dy, x, scale} {mean, variance, epsilon} → [dx, dscale, doffset].
 * - `LabBatchNormTrainGradGrad` {ddx, ddscale, ddoffset, dy, x, scale} {mean, variance, epsilon} → cotangents of [dy, x, scale]:
 *   the formula is in batchNormGradGrad.ts.
 * - `LabReluGrad` {dy}, attribute x (no input, so that no gradient is asked for it), any shape → dy where x > 0, else 0.
 * - `LabBiasAddGrad` {dy [..., C]} → [C], the sum over all other axes.
 * - `LabRowMaximum` {x [n, c]} → [n, 1], each row's largest entry.
 * - `LabSeed` any inputs, any attributes → the scalar 0.
 */
export function registerComposedKernels(backendName: string, { sum: channelSum, mean: channelMean }: ChannelReductions = STOCK): void {
  register(backendName, 'LabBatchNormTrain', ({ inputs, attrs }) => {
    const { x, scale, offset } = required(inputs, 'x', 'scale', 'offset');
    const mean = channelMean(x as Tensor4D);
    const centred = tf.sub(x as Tensor4D, mean);
    const variance = channelMean(tf.square(centred));
    const y = tf.add(tf.mul(centred, tf.mul(scale as Tensor1D, inverseDeviation(variance, attrs))), offset as Tensor1D);
    return [y, mean, variance];
  });
  register(backendName, 'LabBatchNormTrainGrad', ({ inputs, attrs }) => {
    const { dy, x, scale } = required(inputs, 'dy', 'x', 'scale');
    const { mean, inverseDeviation: inverse } = statisticsOf(attrs);
    const normalised = tf.mul(tf.sub(x as Tensor4D, mean), inverse);
    const doffset = channelSum(dy as Tensor4D);
    const dscale = channelSum(tf.mul(dy as Tensor4D, normalised));
    const count = elementsByChannel(x);
    const centred = tf.sub(tf.sub(dy as Tensor4D, tf.div(doffset, count)), tf.mul(normalised, tf.div(dscale, count)));
    return [tf.mul(centred, tf.mul(scale as Tensor1D, inverse)), dscale, doffset];
  });
  register(
    backendName,
    'LabBatchNormTrainGradGrad',
    batchNormTrainGradGrad({
      affine: (x, scale, shift) => (shift ? tf.add(tf.mul(x, scale), shift) : tf.mul(x, scale)),
      mean: channelMean,
    }),
  );
  register(backendName, 'LabReluGrad', ({ inputs, attrs }) => {
    const { dy, x } = required({ ...inputs, x: attrs?.['x'] as TensorInfo | undefined }, 'dy', 'x');
    return [tf.mul(dy as Tensor, tf.cast(tf.greater(x as Tensor, 0), 'float32'))];
  });
  register(backendName, 'LabBiasAddGrad', ({ inputs }) => [channelSum(required(inputs, 'dy').dy as Tensor)]);
  register(backendName, 'LabRowMaximum', ({ inputs }) => [tf.max(required(inputs, 'x').x as Tensor, 1, true)]);
  register(backendName, 'LabSeed', () => [tf.scalar(0)]);
}

function leadingAxes({ shape }: TensorInfo): number[] {
  return shape.slice(0, -1).map((_, axis) => axis);
}

const STOCK: ChannelReductions = { sum: (x) => tf.sum(x, leadingAxes(x)), mean: (x) => tf.mean(x, leadingAxes(x)) };
