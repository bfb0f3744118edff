import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core';
import { NATIVE_BACKEND, type NativeBackend } from './backend';
import type { OpAttr } from './graphDef';

type KernelArgs = { inputs: Record<string, TensorInfo | undefined>; attrs?: Record<string, unknown>; backend: unknown };

/**
 * Registers our kernels on tfjs-node's backend as one TensorFlow op each. Contracts: kernels/composition.ts,
 * which gives the same results from stock ops.
 */
export function registerNativeKernels(): void {
  register('LabBatchNormTrain', batchNormTrain);
  register('LabBatchNormTrainGrad', batchNormTrainGrad);
  register('LabReluGrad', ({ inputs, attrs, backend }) => {
    const { dy, x } = required({ ...inputs, x: attrs?.['x'] as TensorInfo | undefined }, 'dy', 'x');
    return native(backend).executeSingleOutput('ReluGrad', [floatType(native(backend))], [dy, x]);
  });
  register('LabBiasAddGrad', ({ inputs, backend }) => {
    const { dy } = required(inputs, 'dy');
    const attrs = [floatType(native(backend)), stringAttr(native(backend), 'data_format', 'NHWC')];
    return native(backend).executeSingleOutput('BiasAddGrad', attrs, [dy]);
  });
}

function batchNormTrain({ inputs, attrs, backend }: KernelArgs): Tensor[] {
  const engine = native(backend);
  const { x, scale, offset } = required(inputs, 'x', 'scale', 'offset');
  const empty = tf.tensor1d([], 'float32');
  const outputs = engine.executeMultipleOutputs('FusedBatchNormV3', batchNormAttrs(engine, attrs), [x, scale, offset, empty, empty], 6);
  const [y, mean, unbiased, reserve1, reserve2, reserve3] = outputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  // The public variance is divided by N − 1. The CPU reserves the biased one; a GPU reserves something else.
  const count = x.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const variance = engine.isUsingGpuDevice ? tf.mul(unbiased, (count - 1) / count) : reserve2;
  tf.dispose([empty, reserve1, reserve3, ...(engine.isUsingGpuDevice ? [reserve2, unbiased] : [unbiased])]);
  return [y, mean, variance];
}

function batchNormTrainGrad({ inputs, attrs, backend }: KernelArgs): Tensor[] {
  const engine = native(backend);
  const { dy, x, scale, mean, variance } = required(inputs, 'dy', 'x', 'scale', 'mean', 'variance');
  const epsilon = Number(attrs?.['epsilon']);
  // cuDNN takes the inverse standard deviation where the CPU takes the variance.
  const spread = engine.isUsingGpuDevice ? tf.rsqrt(tf.add(variance as Tensor1D, epsilon)) : variance;
  const empty = tf.tensor1d([], 'float32');
  const outputs = engine.executeMultipleOutputs(
    'FusedBatchNormGradV3',
    batchNormAttrs(engine, attrs),
    [dy, x, scale, mean, spread, empty],
    5,
  );
  const [dx, dscale, doffset, ...unused] = outputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
  tf.dispose([empty, ...unused]);
  if (engine.isUsingGpuDevice) tf.dispose(spread as Tensor);
  return [dx, dscale, doffset];
}

function batchNormAttrs(backend: NativeBackend, attrs: KernelArgs['attrs']): OpAttr[] {
  const { binding } = backend;
  return [
    floatType(backend),
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: Number(attrs?.['epsilon']) },
    stringAttr(backend, 'data_format', 'NHWC'),
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
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

function required<K extends string>(inputs: KernelArgs['inputs'], ...names: K[]): Record<K, TensorInfo> {
  const found = names.map((name) => {
    const tensor = inputs[name];
    if (!tensor) throw new Error(`the kernel needs its input ${name}`);
    return [name, tensor] as const;
  });
  return Object.fromEntries(found) as Record<K, TensorInfo>;
}

function register(kernelName: string, kernelFunc: (args: KernelArgs) => TensorInfo | TensorInfo[]): void {
  tf.registerKernel({ kernelName, backendName: NATIVE_BACKEND, kernelFunc: kernelFunc as tf.KernelFunc });
}
