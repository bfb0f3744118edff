import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { registerComposedKernels } from '../kernels/composition';
import { elementsByChannel, register, required } from '../kernels/kernelArgs';
import { filterGradient } from './filterGradient';
import { sumOfRows } from './sums';

/**
 * Registers our kernels on tfjs-backend-webgpu: composed from its ops, but for the sums over a channel and the filter's
 * gradient, which have shaders of their own. What else there is of convolutions is tfjs's.
 */
export function registerWebgpuKernels(): void {
  const sum = (x: Tensor) => sumOfRows(tf.backend() as unknown as WebGPUBackend, x);
  registerComposedKernels('webgpu', { sum, mean: (x) => tf.div(sum(x), elementsByChannel(x)) });
  register('webgpu', 'Conv2DBackpropFilter', ({ inputs, attrs, backend }) => {
    const { x, dy } = required(inputs, 'x', 'dy');
    return [filterGradient(backend as WebGPUBackend, x as Tensor4D, dy as Tensor4D, attrs)];
  });
}
