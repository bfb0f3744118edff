import type { TensorInfo } from '@tensorflow/tfjs-core';
import { chunksOf, type Axis, type Geometry } from './convolutionGeometry';
import type { KernelModule } from './kernelModule';
import { addressOf, type WasmHeapBackend } from './wasmTensors';

/** Part of the second cache for the planes of a strip of tiles. */
const STRIP_BYTES = 64 * 1024;
const PLANES = 16;
/** The same for the tiles whose filter gradients are summed together. */
const TILES_BYTES = 256 * 1024;
const GAP_BYTES = 64;

/** A convolution as Winograd's form sees it: zeros before each axis, output sizes, and the order of the filter. */
interface Form {
  readonly size: readonly [number, number];
  readonly before: readonly [number, number];
  readonly outputSize: readonly [number, number];
  readonly inputs: number;
  readonly outputs: number;
  readonly inputStep: number;
  readonly outputStep: number;
  readonly flip: 0 | 1;
}

const both = (of: (axis: Axis) => number, { rows, columns }: Geometry): [number, number] => [of(rows), of(columns)];

export const forwardForm = (geometry: Geometry): Form => ({
  size: both((axis) => axis.size, geometry),
  before: both((axis) => axis.before, geometry),
  outputSize: both((axis) => axis.outputs, geometry),
  inputs: geometry.inputs,
  outputs: geometry.outputs,
  inputStep: geometry.outputs,
  outputStep: 1,
  flip: 0,
});

/** The input's gradient of a stride of 1 is a convolution of dy with the flipped filter. */
export const gradientForm = (geometry: Geometry): Form => ({
  size: both((axis) => axis.outputs, geometry),
  before: both((axis) => axis.taps - 1 - axis.before, geometry),
  outputSize: both((axis) => axis.size, geometry),
  inputs: geometry.outputs,
  outputs: geometry.inputs,
  inputStep: 1,
  outputStep: geometry.outputs,
  flip: 1,
});

const framedSize = (outputs: number): number => 2 * Math.ceil(outputs / 2) + 2;

/** Whether {@link winograd} serves: 3×3 filters of stride 1, with channels that fill its vectors. */
export function suitsWinograd({ rows, columns }: Geometry, { size, before, outputSize, inputs, outputs }: Form): boolean {
  const fits = [0, 1].every((i) => (before[i] ?? 0) >= 0 && (before[i] ?? 0) + (size[i] ?? 0) <= framedSize(outputSize[i] ?? 0));
  return (
    fits && [rows, columns].every(({ taps, stride }) => taps === 3 && stride === 1) && inputs >= 8 && inputs % 4 === 0 && outputs % 8 === 0
  );
}

export function winograd(
  module: KernelModule,
  backend: WasmHeapBackend,
  images: number,
  form: Form,
  x: TensorInfo,
  filter: TensorInfo,
  y: TensorInfo,
): void {
  const { size, before, outputSize, inputs, outputs } = form;
  const [tileRows, tileColumns] = [Math.ceil(outputSize[0] / 2), Math.ceil(outputSize[1] / 2)];
  const tileBytes = 4 * PLANES * (inputs + outputs);
  const strip = Math.max(1, Math.min(tileRows, Math.floor(STRIP_BYTES / (tileBytes * tileColumns))));
  const frameBytes =
    Math.ceil(
      (4 * inputs * framedSize(outputSize[0]) * framedSize(outputSize[1]) + strip * tileColumns * tileBytes + 2 * PLANES * GAP_BYTES) / 64,
    ) * 64;
  const [packed = 0, corner = 0, frames = 0] = module.scratch(4 * PLANES * inputs * outputs, 4, frameBytes * module.threads);
  module.integers(corner, 1)[0] = 0;
  module.exports.packWinograd(addressOf(backend, filter), packed, inputs, outputs, form.inputStep, form.outputStep, form.flip);
  const args = [packed, addressOf(backend, y), images, ...size, inputs, outputs, ...before, ...outputSize, strip, corner];
  const operations = 2 * images * tileRows * tileColumns * PLANES * inputs * outputs;
  module.share('winograd', operations, [addressOf(backend, x), ...args], { address: frames, bytes: frameBytes });
}

/** The filter's gradient of a convolution whose {@link forwardForm} suits. */
export function winogradGradient(
  module: KernelModule,
  backend: WasmHeapBackend,
  images: number,
  form: Form,
  x: TensorInfo,
  dy: TensorInfo,
  dw: TensorInfo,
): void {
  const { size, before, outputSize, inputs, outputs } = form;
  const [tileRows, tileColumns] = [Math.ceil(outputSize[0] / 2), Math.ceil(outputSize[1] / 2)];
  const tileBytes = 4 * PLANES * (inputs + outputs);
  const capacity = Math.max(tileColumns, Math.floor(TILES_BYTES / tileBytes));
  const framed = inputs * (2 * tileRows + 2) * (2 * tileColumns + 2) + outputs * 4 * tileRows * tileColumns;
  const frameBytes = Math.ceil((4 * framed + capacity * tileBytes + 2 * PLANES * GAP_BYTES) / 64) * 64;
  const chunkBytes = 4 * PLANES * inputs * outputs;
  const chunks = chunksOf(images, chunkBytes);
  const [partial = 0, frames = 0] = module.scratch(chunks * chunkBytes, frameBytes * module.threads);
  const args = [partial, images, chunks, ...size, inputs, outputs, ...before, ...outputSize, capacity];
  module.share(
    'winogradGradient',
    2 * images * tileRows * tileColumns * PLANES * inputs * outputs,
    [addressOf(backend, x), addressOf(backend, dy), ...args],
    { address: frames, bytes: frameBytes },
  );
  module.share('finishWinogradGradient', chunks * PLANES * inputs * outputs, [partial, addressOf(backend, dw), chunks, inputs, outputs]);
}
