import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { addsBias, overrideWhere, required, type KernelArgs } from '../kernels/kernelArgs';
import { NATIVE_BACKEND, type NativeBackend } from './backend';

/** Puts kernels in front of tfjs-node's own where those are slow or wrong. */
export function overrideStockKernels(): void {
  overrideWhere(NATIVE_BACKEND, 'Add', addBias);
  overrideWhere(NATIVE_BACKEND, 'Conv2DBackpropFilter', filterGradientOfSparsePixels);
}

/**
 * Where the second input is added to each of the first's channels. As TensorFlow's op of that name it becomes a part of the
 * convolution before it, and so does a relu behind it: the same bits, and evaluation is a sixth faster. Where derivatives are
 * taken it was no faster, and took more memory (BENCHMARKS.md).
 */
function addBias({ inputs, backend }: KernelArgs): TensorInfo | undefined {
  const { a, b } = required(inputs, 'a', 'b');
  if (!addsBias(a, b) || a.shape.length !== 4 || tf.engine().state.gradientDepth > 0) return undefined;
  const { binding, executeSingleOutput } = backend as NativeBackend;
  const attrs = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
  ];
  return executeSingleOutput.call(backend, 'BiasAdd', attrs, [a, b]);
}

/**
 * Of a 1×1 convolution that steps over pixels and has fewer channels than a vector of 16: oneDNN's kernel for it writes beyond its
 * memory (TensorFlow 2.21, seen on a CPU with AVX-512: heap corruption within some hundred calls). The pixels that count are taken first.
 */
function filterGradientOfSparsePixels({ inputs, attrs }: KernelArgs): TensorInfo | undefined {
  const { x, dy } = required(inputs, 'x', 'dy');
  const { filterShape, strides } = attrs as { filterShape: number[]; strides: number | [number, number] };
  const [height, width, channels = 0] = filterShape;
  const [down, across] = typeof strides === 'number' ? [strides, strides] : strides;
  if (height !== 1 || width !== 1 || down * across === 1 || channels >= 16) return undefined;
  return tf.tidy(() => {
    const pixels = tf.stridedSlice(x as Tensor4D, [0, 0, 0, 0], x.shape, [1, down, across, 1]);
    const dense = { ...attrs, strides: [1, 1], pad: 'valid' } as unknown as tf.NamedAttrMap;
    return tf.engine().runKernel<Tensor>('Conv2DBackpropFilter', { x: pixels, dy: dy as Tensor }, dense);
  });
}
