import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { NATIVE_BACKEND, type NativeBackend } from './backend';
import { elementsByChannel, inverseDeviation, replaceKernel, required, type KernelArgs } from '../kernels/kernelArgs';
import type { OpAttr } from './graphDef';

/**
 * Registers our kernels on tfjs-node's backend as one TensorFlow op each. Contracts: kernels/composition.ts,
 * which gives the same results from stock ops.
 */
export function registerNativeKernels(): void {
  register('LabBatchNormTrain', batchNormTrain);
  register('LabBatchNormTrainGrad', batchNormTrainGrad);
  register('LabBatchNormTrainGradGrad', batchNormTrainGradGrad);
  register('LabReluGrad', ({ inputs, attrs, backend }) => {
    const { dy, x } = required({ ...inputs, x: attrs?.['x'] as TensorInfo | undefined }, 'dy', 'x');
    return native(backend).executeSingleOutput('ReluGrad', [floatType(native(backend))], [dy, x]);
  });
  register('LabBiasAddGrad', ({ inputs, backend }) => {
    const { dy } = required(inputs, 'dy');
    const attrs = [floatType(native(backend)), stringAttr(native(backend), 'data_format', 'NHWC')];
    return native(backend).executeSingleOutput('BiasAddGrad', attrs, [dy]);
  });
  register('LabRowMaximum', ({ inputs }) => tf.max(required(inputs, 'x').x as Tensor, 1, true));
  register('LabSeed', () => tf.scalar(0));
}

function batchNormTrain({ inputs, attrs, backend }: KernelArgs): Tensor[] {
  const engine = native(backend);
  const { x, scale, offset } = required(inputs, 'x', 'scale', 'offset');
  const empty = tf.tensor1d([], 'float32');
  const outputs = engine.executeMultipleOutputs('FusedBatchNormV3', batchNormAttrs(engine, attrs), [x, scale, offset, empty, empty], 6);
  const [y, mean, unbiased, reserve1, reserve2, reserve3] = outputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  // The public variance is divided by N − 1. The CPU reserves the biased one; a GPU reserves something else.
  const count = elementsByChannel(x);
  const variance = engine.isUsingGpuDevice ? tf.mul(unbiased, (count - 1) / count) : reserve2;
  tf.dispose([empty, reserve1, reserve3, ...(engine.isUsingGpuDevice ? [reserve2, unbiased] : [unbiased])]);
  return [y, mean, variance];
}

function batchNormTrainGrad({ inputs, attrs, backend }: KernelArgs): Tensor[] {
  const { dy, x, scale } = required(inputs, 'dy', 'x', 'scale');
  return tf.tidy(() => fusedGradient(native(backend), attrs)(dy, x, scale));
}

/** FusedBatchNormGradV3 by the statistics in a kernel's attributes, as a function of dy, x and scale. */
function fusedGradient(engine: NativeBackend, attrs: KernelArgs['attrs']) {
  const { mean, variance } = required(attrs as KernelArgs['inputs'], 'mean', 'variance');
  // cuDNN takes the inverse standard deviation where the CPU takes the variance.
  const spread = engine.isUsingGpuDevice ? inverseDeviation(variance as Tensor1D, attrs) : variance;
  const empty = tf.tensor1d([], 'float32');
  return (dy: TensorInfo, x: TensorInfo, scale: TensorInfo): [Tensor4D, Tensor1D, Tensor1D] => {
    const inputs = [dy, x, scale, mean, spread, empty];
    const [dx, dscale, doffset] = engine.executeMultipleOutputs('FusedBatchNormGradV3', batchNormAttrs(engine, attrs), inputs, 5);
    return [dx, dscale, doffset] as [Tensor4D, Tensor1D, Tensor1D];
  };
}

/** The formula of kernels/batchNormGradGrad.ts, where what is linear in A or dy is one FusedBatchNormGradV3 each. */
function batchNormTrainGradGrad({ inputs, attrs, backend }: KernelArgs): Tensor[] {
  const engine = native(backend);
  const { ddx, ddscale, ddoffset, dy, x, scale } = required(inputs, 'ddx', 'ddscale', 'ddoffset', 'dy', 'x', 'scale');
  const { mean, variance } = required(attrs as KernelArgs['inputs'], 'mean', 'variance');
  return tf.tidy(() => {
    const gradient = fusedGradient(engine, attrs);
    /** x̂·scale + shift: batch norm by given statistics. */
    const affine = (by: TensorInfo, shift: TensorInfo): Tensor4D => {
      const attributes = batchNormAttrs(engine, attrs, false);
      return engine.executeMultipleOutputs('FusedBatchNormV3', attributes, [x, by, shift, mean, variance], 6)[0] as Tensor4D;
    };
    const gamma = scale as Tensor1D;
    const count = elementsByChannel(x);
    const slope: Tensor1D = tf.div(tf.mul(gamma, inverseDeviation(variance as Tensor1D, attrs)), count);

    const [q, alongA] = gradient(ddx, x, tf.onesLike(gamma));
    const ofScale: Tensor1D = tf.sum(tf.mul(q, dy as Tensor4D), [0, 1, 2]);
    const [fromDy, alongDy] = gradient(dy, x, tf.sub(ddscale as Tensor1D, tf.mul(slope, alongA)));
    const fromNormalised = affine(tf.neg(tf.mul(slope, ofScale)), tf.zerosLike(gamma));
    const ofX = tf.add(tf.add(fromDy, fromNormalised), tf.mul(q, tf.neg(tf.mul(slope, alongDy))));
    return [tf.add(tf.mul(q, gamma), affine(ddscale, ddoffset)), ofX, ofScale];
  });
}

function batchNormAttrs(backend: NativeBackend, attrs: KernelArgs['attrs'], training = true): OpAttr[] {
  const { binding } = backend;
  return [
    floatType(backend),
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: Number(attrs?.['epsilon']) },
    stringAttr(backend, 'data_format', 'NHWC'),
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: training },
  ];
}

function floatType({ binding }: NativeBackend): OpAttr {
  return { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}

function stringAttr({ binding }: NativeBackend, name: string, value: string): OpAttr {
  return { name, type: binding.TF_ATTR_STRING, value };
}

function native(backend: unknown): NativeBackend {
  return backend as NativeBackend;
}

function register(kernelName: string, run: (args: KernelArgs) => TensorInfo | TensorInfo[]): void {
  replaceKernel(NATIVE_BACKEND, kernelName, run);
}
