import type { TensorInfo } from '@tensorflow/tfjs-core';
import { overrideWhere, replaceKernel, required } from '../kernels/kernelArgs';
import { chunksOf, framedSize, geometryOf, range, type Axis, type FilterShape, type Geometry } from './convolutionGeometry';
import type { KernelModule } from './kernelModule';
import { addressOf, newTensor, type HeapKernelArgs, type WasmHeapBackend } from './wasmTensors';
import { forwardForm, gradientForm, suitsWinograd, winograd, winogradGradient } from './winograd';

/** Framed images that are worked on together: as many as lie in the second cache beside the filter. */
const GROUP_BYTES = 96 * 1024;
/** Part of the first cache for the input and the gradient of one tile. */
const TILE_BYTES = 24 * 1024;
const OUTPUT_BLOCK = 8;
const ROW_BLOCK = 4;

/**
 * Registers the convolution and both its gradients for tfjs-backend-wasm. Its own convolution is slower than ours, it has
 * none for the filter's gradient and a naive one for the input's. tfjs-core's contracts, for NHWC and no dilation.
 */
export function registerConvolutions(backendName: string, module: KernelModule): void {
  overrideWhere<HeapKernelArgs>(backendName, 'Conv2D', ({ inputs, attrs, backend }) => {
    const { x, filter } = required(inputs, 'x', 'filter');
    const geometry = geometryOf(x.shape, filter.shape as FilterShape, attrs);
    return geometry && forward(module, backend, x, filter, geometry);
  });
  replaceKernel<HeapKernelArgs>(backendName, 'Conv2DBackpropInput', ({ inputs, attrs, backend }) => {
    const { dy, filter } = required(inputs, 'dy', 'filter');
    const geometry = supported(geometryOf(attrs?.['inputShape'] as number[], filter.shape as FilterShape, attrs));
    return inputGradient(module, backend, dy, filter, geometry);
  });
  replaceKernel<HeapKernelArgs>(backendName, 'Conv2DBackpropFilter', ({ inputs, attrs, backend }) => {
    const { x, dy } = required(inputs, 'x', 'dy');
    const geometry = supported(geometryOf(x.shape, attrs?.['filterShape'] as FilterShape, attrs));
    return filterGradient(module, backend, x, dy, geometry);
  });
}

function supported(geometry: Geometry | undefined): Geometry {
  if (!geometry) throw new Error('the wasm engine computes convolution gradients in NHWC only, without dilation');
  return geometry;
}

function forward(module: KernelModule, backend: WasmHeapBackend, x: TensorInfo, filter: TensorInfo, geometry: Geometry): TensorInfo {
  const { images, rows, columns, inputs, outputs } = geometry;
  const y = newTensor(backend, [images, rows.outputs, columns.outputs, outputs]);
  const form = forwardForm(geometry);
  if (suitsWinograd(geometry, form)) {
    winograd(module, backend, images, form, x, filter, y);
    return y;
  }
  const along = (axis: Axis): AxisPass => ({
    size: axis.size,
    before: axis.before,
    framed: framedSize(axis),
    taps: range(axis.taps).map((tap) => ({ tap, at: tap })),
    outputs: range(axis.outputs).map((output) => ({ output, at: output * axis.stride })),
  });
  convolve(module, {
    images,
    from: { address: addressOf(backend, x), channels: inputs },
    to: { address: addressOf(backend, y), channels: outputs, rows: rows.outputs, columns: columns.outputs },
    filter: { address: addressOf(backend, filter), columns: columns.taps, inputStep: outputs, outputStep: 1 },
    rows: along(rows),
    columns: along(columns),
  });
  return y;
}

/**
 * The input's gradient: dx[h] = Σ over taps i of dy[(h + before − i) / stride] · w[i]. With stride s, row h meets only the taps i with
 * i ≡ h + before (mod s): each of the s × s residues is a convolution of dy with its part of the filter, and fills its
 * part of the output.
 */
function inputGradient(module: KernelModule, backend: WasmHeapBackend, dy: TensorInfo, filter: TensorInfo, geometry: Geometry): TensorInfo {
  const { images, rows, columns, inputs, outputs } = geometry;
  const dx = newTensor(backend, [images, rows.size, columns.size, inputs]);
  const form = gradientForm(geometry);
  if (suitsWinograd(geometry, form)) {
    winograd(module, backend, images, form, dy, filter, dx);
    return dx;
  }
  for (const row of range(rows.stride)) {
    for (const column of range(columns.stride)) {
      convolve(module, {
        images,
        from: { address: addressOf(backend, dy), channels: outputs },
        to: { address: addressOf(backend, dx), channels: inputs, rows: rows.size, columns: columns.size },
        filter: { address: addressOf(backend, filter), columns: columns.taps, inputStep: 1, outputStep: outputs },
        rows: residuePass(rows, row),
        columns: residuePass(columns, column),
      });
    }
  }
  return dx;
}

function residuePass({ size, before, taps, stride, outputs }: Axis, residue: number): AxisPass {
  const border = Math.ceil(taps / stride) - 1;
  const groups = Math.ceil((size + before) / stride);
  return {
    size: outputs,
    before: border,
    framed: border + Math.max(outputs, groups),
    taps: range(Math.ceil((taps - residue) / stride)).map((k) => ({ tap: residue + stride * k, at: border - k })),
    outputs: range(groups)
      .map((group) => ({ output: stride * group + residue - before, at: group }))
      .filter(({ output }) => output >= 0 && output < size),
  };
}

/** What a pass does along one axis: where in the framed input each tap looks from each output's place. */
interface AxisPass {
  readonly size: number;
  readonly before: number;
  /** Size of the input with the zeros around it. */
  readonly framed: number;
  readonly taps: readonly { readonly tap: number; readonly at: number }[];
  readonly outputs: readonly { readonly output: number; readonly at: number }[];
}

interface Pass {
  readonly images: number;
  readonly from: { readonly address: number; readonly channels: number };
  readonly to: { readonly address: number; readonly channels: number; readonly rows: number; readonly columns: number };
  /** Steps from one of the pass's input and output channels to the next, in numbers. */
  readonly filter: { readonly address: number; readonly columns: number; readonly inputStep: number; readonly outputStep: number };
  readonly rows: AxisPass;
  readonly columns: AxisPass;
}

function convolve(module: KernelModule, { images, from, to, filter, rows, columns }: Pass): void {
  const pixels = rows.outputs.length * columns.outputs.length;
  if (pixels === 0 || images === 0) return;
  const [inputs, outputs] = [from.channels, to.channels];
  const framedBytes = 4 * rows.framed * columns.framed * inputs;
  // One unit of work for each thread and some more, but no larger ones than the cache holds.
  const group = Math.max(1, Math.min(Math.floor(GROUP_BYTES / framedBytes), Math.ceil(images / 16)));
  const imageBytesOut = 4 * to.rows * to.columns * outputs;
  const tapCount = rows.taps.length * columns.taps.length;
  const packedBytes = 4 * tapCount * inputs * Math.ceil(outputs / OUTPUT_BLOCK) * OUTPUT_BLOCK;
  const frameBytes = Math.ceil((group * framedBytes) / 64) * 64;
  const [taps = 0, offsets = 0, places = 0, packed = 0, frames = 0] = module.scratch(
    4 * tapCount,
    4 * tapCount,
    8 * group * pixels,
    packedBytes,
    frameBytes * module.threads,
  );

  const pairs = rows.taps.flatMap((row) => columns.taps.map((column) => [row, column] as const));
  module.integers(taps, tapCount).set(pairs.map(([row, column]) => row.tap * filter.columns + column.tap));
  module.integers(offsets, tapCount).set(pairs.map(([row, column]) => 4 * inputs * (row.at * columns.framed + column.at)));
  const table = module.integers(places, 2 * group * pixels);
  let next = 0;
  for (let image = 0; image < group; image++) {
    for (const row of rows.outputs) {
      for (const column of columns.outputs) {
        table[next++] = image * framedBytes + 4 * inputs * (row.at * columns.framed + column.at);
        table[next++] = image * imageBytesOut + 4 * outputs * (row.output * to.columns + column.output);
      }
    }
  }

  module.exports.packFilter(filter.address, packed, taps, tapCount, inputs, outputs, filter.inputStep, filter.outputStep);
  module.share(
    'convolve',
    2 * images * pixels * tapCount * inputs * outputs,
    [
      ...[from.address, packed, to.address, offsets, tapCount, places, pixels, images, group],
      ...[rows.size, columns.size, inputs, outputs, rows.before, columns.before, rows.framed, columns.framed, imageBytesOut],
    ],
    { address: frames, bytes: frameBytes },
  );
}

function filterGradient(module: KernelModule, backend: WasmHeapBackend, x: TensorInfo, dy: TensorInfo, geometry: Geometry): TensorInfo {
  const { images, rows, columns, inputs, outputs } = geometry;
  const dw = newTensor(backend, [rows.taps, columns.taps, inputs, outputs]);
  const form = forwardForm(geometry);
  if (suitsWinograd(geometry, form)) {
    winogradGradient(module, backend, images, form, x, dy, dw);
    return dw;
  }
  const filterRows = rows.taps * columns.taps * inputs;
  const paddedRows = Math.ceil(filterRows / ROW_BLOCK) * ROW_BLOCK;
  const paddedOutputs = Math.ceil(outputs / OUTPUT_BLOCK) * OUTPUT_BLOCK;
  const [framedRows, framedColumns] = [framedSize(rows), framedSize(columns)];
  const rowBytes = 4 * framedColumns * inputs;
  const gradientRowBytes = 4 * columns.outputs * paddedOutputs;
  const chunkBytes = 4 * paddedRows * paddedOutputs;
  const chunks = chunksOf(images, chunkBytes);
  const tileRows = Math.max(
    1,
    Math.floor((TILE_BYTES - rowBytes * (rows.taps - rows.stride)) / (rowBytes * rows.stride + gradientRowBytes)),
  );
  const frameBytes = Math.ceil((rowBytes * framedRows + gradientRowBytes * rows.outputs) / 64) * 64;
  const [offsets = 0, partial = 0, frames = 0] = module.scratch(4 * paddedRows, chunks * chunkBytes, frameBytes * module.threads);

  const rowOffsets = range(rows.taps).flatMap((row) =>
    range(columns.taps).flatMap((column) => range(inputs).map((input) => row * rowBytes + 4 * (column * inputs + input))),
  );
  const table = module.integers(offsets, paddedRows).fill(rowOffsets.at(-1) ?? 0);
  table.set(rowOffsets);
  module.share(
    'filterGradient',
    2 * images * rows.outputs * columns.outputs * filterRows * outputs,
    [
      ...[
        addressOf(backend, x),
        addressOf(backend, dy),
        partial,
        offsets,
        paddedRows,
        images,
        chunks,
        rows.size,
        columns.size,
        inputs,
        outputs,
      ],
      ...[rows.outputs, columns.outputs, rows.stride, columns.stride, rows.before, columns.before, framedRows, framedColumns, tileRows],
    ],
    { address: frames, bytes: frameBytes },
  );
  module.exports.addChunks(partial, addressOf(backend, dw), filterRows, paddedRows, chunks, outputs);
  return dw;
}
