import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { batchNormTrainGradGrad } from '../kernels/batchNormGradGrad';
import { registerComposedKernels } from '../kernels/composition';
import { addsBias, elementsByChannel, overrideWhere, register, replaceKernel, required, type KernelArgs } from '../kernels/kernelArgs';
import type { KernelModule } from './kernelModule';
import { addressOf, newTensor, type HeapKernelArgs, type WasmHeapBackend } from './wasmTensors';

/** Registers our kernels (../kernels/composition has their contracts) for tfjs-backend-wasm. */
export function registerWasmKernels(backendName: string, module: KernelModule): void {
  registerComposedKernels(backendName);
  const channels = new ChannelKernels(module);
  replaceKernel<HeapKernelArgs>(backendName, 'LabBatchNormTrain', ({ inputs, attrs, backend }) => {
    const { x, scale, offset } = required(inputs, 'x', 'scale', 'offset');
    return channels.batchNorm(backend, x, scale, offset, Number(attrs?.['epsilon']));
  });
  replaceKernel<HeapKernelArgs>(backendName, 'LabBatchNormTrainGrad', ({ inputs, attrs, backend }) => {
    const { dy, x, scale } = required(inputs, 'dy', 'x', 'scale');
    const { mean, variance } = required(attrs as KernelArgs['inputs'], 'mean', 'variance');
    return channels.batchNormGradient(backend, dy, x, scale, mean, variance, Number(attrs?.['epsilon']));
  });
  replaceKernel<HeapKernelArgs>(backendName, 'LabReluGrad', ({ inputs, attrs, backend }) => {
    const { dy, x } = required({ ...inputs, x: attrs?.['x'] as TensorInfo | undefined }, 'dy', 'x');
    const dx = newTensor(backend, dy.shape);
    const count = tf.util.sizeFromShape(dy.shape);
    module.share('reluGradient', count, [addressOf(backend, dy), addressOf(backend, x), addressOf(backend, dx), count]);
    return dx;
  });
  replaceKernel<HeapKernelArgs>(backendName, 'LabBiasAddGrad', ({ inputs, backend }) => channels.sum(backend, required(inputs, 'dy').dy));
  overrideStockKernels(backendName, module, channels);
  const onHeap = (): WasmHeapBackend => tf.backend() as unknown as WasmHeapBackend;
  const asTensor = <T>({ dataId, shape, dtype }: TensorInfo): T => tf.engine().makeTensorFromDataId(dataId, shape, dtype) as unknown as T;
  register(
    backendName,
    'LabBatchNormTrainGradGrad',
    batchNormTrainGradGrad({
      affine: (x, scale, shift) => asTensor<Tensor4D>(channels.affine(onHeap(), x, scale, shift)),
      mean: (x) => tf.mul(asTensor<Tensor1D>(channels.sum(onHeap(), x)), 1 / layoutOf(x).count),
    }),
  );
}

/** Kernels of tfjs-backend-wasm that are slow for what our networks ask of them; what else is asked goes to them. */
function overrideStockKernels(backendName: string, module: KernelModule, channels: ChannelKernels): void {
  // Numbers never change once they are made, so a copy is one more reference to them.
  replaceKernel<HeapKernelArgs>(backendName, 'Identity', ({ inputs, backend }) => {
    const { dataId, shape, dtype } = required(inputs, 'x').x;
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  });
  overrideWhere<HeapKernelArgs>(backendName, 'Add', ({ inputs, backend }) => {
    const { a, b } = required(inputs, 'a', 'b');
    return addsBias(a, b) ? channels.affine(backend, a, null, b) : undefined;
  });
  overrideWhere<HeapKernelArgs>(backendName, 'Tile', ({ inputs, attrs, backend }) => {
    const { x } = required(inputs, 'x');
    const [n = 0, height, width, c = 0] = x.shape;
    const [ofN, rows = 1, columns = 1, ofC] = attrs?.['reps'] as number[];
    if (x.shape.length !== 4 || x.dtype !== 'float32' || height !== 1 || width !== 1 || ofN !== 1 || ofC !== 1) return undefined;
    const y = newTensor(backend, [n, rows, columns, c]);
    const pixels = rows * columns;
    module.share('repeatPixels', n * pixels * c, [addressOf(backend, x), addressOf(backend, y), n, pixels, c]);
    return y;
  });
}

/** A tensor […, C] as images of pixels of channels; one of rank 2 or less as rows of channels. */
function layoutOf({ shape }: Pick<TensorInfo, 'shape'>) {
  const channels = shape.at(-1) ?? 1;
  const images = shape.length > 1 ? (shape[0] ?? 1) : 1;
  const count = elementsByChannel({ shape });
  return { images, channels, count, pixels: count / images, size: count * channels };
}

/** Kernels that treat each channel by its own numbers. */
class ChannelKernels {
  constructor(private readonly module: KernelModule) {}

  batchNorm(backend: WasmHeapBackend, x: TensorInfo, scale: TensorInfo, offset: TensorInfo, epsilon: number): TensorInfo[] {
    const { module } = this;
    const { images, pixels, channels, size } = layoutOf(x);
    const [y, mean, variance] = [newTensor(backend, x.shape), newTensor(backend, [channels]), newTensor(backend, [channels])];
    const [xAt, meanAt, varianceAt] = [x, mean, variance].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
    const [moments = 0, slope = 0] = module.scratch(8 * images * channels, 4 * channels);
    module.share('imageMoments', 4 * size, [xAt, moments, images, pixels, channels]);
    module.exports.batchMoments(moments, meanAt, varianceAt, images, pixels, channels);
    module.exports.slopes(addressOf(backend, scale), varianceAt, epsilon, slope, channels);
    const affine = [xAt, addressOf(backend, y), meanAt, slope, addressOf(backend, offset), images, pixels, channels];
    module.share('affine', 3 * size, affine);
    return [y, mean, variance];
  }

  batchNormGradient(
    backend: WasmHeapBackend,
    dy: TensorInfo,
    x: TensorInfo,
    scale: TensorInfo,
    mean: TensorInfo,
    variance: TensorInfo,
    epsilon: number,
  ): TensorInfo[] {
    const { module } = this;
    const { images, pixels, channels, size } = layoutOf(x);
    const [dx, dscale, doffset] = [newTensor(backend, x.shape), newTensor(backend, [channels]), newTensor(backend, [channels])];
    const at = (tensor: TensorInfo): number => addressOf(backend, tensor);
    const [sums = 0, dyMean = 0, fromDy = 0, fromX = 0] = module.scratch(8 * images * channels, ...[1, 2, 3].map(() => 4 * channels));
    module.share('imageGradientSums', 4 * size, [at(dy), at(x), at(mean), sums, images, pixels, channels]);
    module.exports.gradientCoefficients(
      ...[sums, at(scale), at(variance), epsilon, at(dscale), at(doffset), dyMean, fromDy, fromX, images, pixels, channels],
    );
    const gradient = [at(dy), at(x), at(dx), dyMean, fromDy, at(mean), fromX, images, pixels, channels];
    module.share('batchNormGradient', 5 * size, gradient);
    return [dx, dscale, doffset];
  }

  /** x · scale + shift by channel; null for a scale of 1, or no shift. */
  affine(backend: WasmHeapBackend, x: TensorInfo, scale: TensorInfo | null, shift: TensorInfo | null): TensorInfo {
    const { images, pixels, channels, size } = layoutOf(x);
    const y = newTensor(backend, x.shape);
    const [zeros = 0, ones = 0] = this.module.scratch(4 * channels, 4 * channels);
    this.module.floats(zeros, channels).fill(0);
    this.module.floats(ones, channels).fill(1);
    const at = (tensor: TensorInfo): number => addressOf(backend, tensor);
    const byChannel = [zeros, scale ? at(scale) : ones, shift ? at(shift) : zeros];
    this.module.share('affine', 3 * size, [at(x), at(y), ...byChannel, images, pixels, channels]);
    return y;
  }

  /** The sum over all axes but the last. */
  sum(backend: WasmHeapBackend, x: TensorInfo): TensorInfo {
    const { images, pixels, channels, size } = layoutOf(x);
    const total = newTensor(backend, [channels]);
    const [sums = 0] = this.module.scratch(4 * images * channels);
    this.module.share('imageSums', size, [addressOf(backend, x), sums, images, pixels, channels]);
    this.module.exports.addImages(sums, addressOf(backend, total), images, channels);
    return total;
  }
}
