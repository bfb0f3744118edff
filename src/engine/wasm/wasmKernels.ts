import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { batchNormTrainGradGrad } from '../kernels/batchNormGradGrad';
import { registerComposedKernels } from '../kernels/composition';
import { inverseDeviation, register, required, statisticsOf, type KernelArgs } from '../kernels/kernelArgs';

/**
 * Registers our kernels on tfjs-backend-wasm from the ops that its XNNPACK runs with SIMD. Broadcasting a [C] tensor,
 * comparing and reducing over leading axes are 3 to 10 times slower there than what stands in for them here.
 */
export function registerWasmKernels(backendName: string): void {
  registerComposedKernels(backendName);
  register(backendName, 'LabBatchNormTrain', batchNormTrain);
  register(backendName, 'LabBatchNormTrainGrad', batchNormTrainGrad);
  register(
    backendName,
    'LabBatchNormTrainGradGrad',
    batchNormTrainGradGrad({ affine: (x, scale, shift) => scaleAndShift(x, scale, shift ?? tf.zerosLike(scale)), mean: channelMean }),
  );
  register(backendName, 'LabReluGrad', ({ inputs, attrs }) => {
    const { dy, x } = required({ ...inputs, x: attrs?.['x'] as TensorInfo | undefined }, 'dy', 'x');
    return [tf.mul(dy as Tensor, tf.step(x as Tensor))];
  });
  register(backendName, 'LabBiasAddGrad', ({ inputs }) => {
    const dy = required(inputs, 'dy').dy as Tensor;
    return [
      dy.rank === 4
        ? tf.mul(channelMean(dy as Tensor4D), rowCount(dy))
        : tf.sum(
            dy,
            dy.shape.slice(0, -1).map((_, axis) => axis),
          ),
    ];
  });
}

function batchNormTrain({ inputs, attrs }: KernelArgs): Tensor[] {
  const { x, scale, offset } = required(inputs, 'x', 'scale', 'offset');
  const mean = channelMean(x as Tensor4D);
  const centred = scaleAndShift(x as Tensor4D, tf.onesLike(mean), tf.neg(mean));
  const variance = channelMean(tf.square(centred));
  const y = scaleAndShift(centred, tf.mul(scale as Tensor1D, inverseDeviation(variance, attrs)), offset as Tensor1D);
  return [y, mean, variance];
}

function batchNormTrainGrad({ inputs, attrs }: KernelArgs): Tensor[] {
  const { dy, x, scale } = required(inputs, 'dy', 'x', 'scale');
  const { mean, inverseDeviation: inverse } = statisticsOf(attrs);
  const centred = scaleAndShift(x as Tensor4D, tf.onesLike(inverse), tf.neg(mean));
  const meanOfDy = channelMean(dy as Tensor4D);
  const meanOfProduct: Tensor1D = tf.mul(channelMean(tf.mul(dy as Tensor4D, centred)), inverse);
  const slope: Tensor1D = tf.mul(scale as Tensor1D, inverse);
  // dx = slope · (dy − mean(dy) − x̂ · mean(dy · x̂)), as one multiply-add for each of dy and x.
  const fromDy = scaleAndShift(dy as Tensor4D, slope, tf.neg(tf.mul(slope, meanOfDy)));
  const fromX = scaleAndShift(centred, tf.neg(tf.mul(tf.mul(slope, meanOfProduct), inverse)), tf.zerosLike(inverse));
  const count = rowCount(x);
  return [tf.add(fromDy, fromX), tf.mul(meanOfProduct, count), tf.mul(meanOfDy, count)];
}

/** x · scale + shift by channel, [N,H,W,C] with [C]: a 1×1 depthwise convolution. */
function scaleAndShift(x: Tensor4D, scale: Tensor1D, shift: Tensor1D): Tensor4D {
  const filter = tf.reshape(scale, [1, 1, scale.size, 1]);
  const attrs = { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1], activation: 'linear' };
  return tf.engine().runKernel('FusedDepthwiseConv2D', { x, filter, bias: shift }, attrs as unknown as tf.NamedAttrMap);
}

/** The mean over N, H and W, pooled image by image first: faster, and its rounding error grows less. */
function channelMean(x: Tensor4D): Tensor1D {
  const [n, h, w, c] = x.shape;
  return tf.mean(tf.reshape(tf.avgPool(x, [h, w], 1, 'valid'), [n, c]), 0);
}

function rowCount({ shape }: TensorInfo): number {
  return shape.slice(0, -1).reduce((product, size) => product * size, 1);
}
