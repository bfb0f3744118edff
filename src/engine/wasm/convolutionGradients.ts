import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { register, required, type KernelArgs } from '../kernels/kernelArgs';

/**
 * Registers the gradients of a convolution for tfjs-backend-wasm as convolutions, which XNNPACK runs fast: the
 * backend has none for the filter, and a naive one for the input (13 times slower). tfjs-core's contracts;
 * NHWC only.
 */
export function registerConvolutionGradients(backendName: string): void {
  register(backendName, 'Conv2DBackpropFilter', ({ inputs, attrs }) => {
    const { x, dy } = required(inputs, 'x', 'dy');
    const geometry = geometryOf(x.shape, attrs?.['filterShape'] as FilterShape, attrs);
    return [filterGradient(x as Tensor4D, dy as Tensor4D, geometry)];
  });
  register(backendName, 'Conv2DBackpropInput', ({ inputs, attrs }) => {
    const { dy, filter } = required(inputs, 'dy', 'filter');
    const geometry = geometryOf(attrs?.['inputShape'] as number[], filter.shape as FilterShape, attrs);
    return [inputGradient(dy as Tensor4D, filter as Tensor4D, geometry)];
  });
}

type FilterShape = [number, number, number, number];

/** Sizes of one axis: of the input before and after padding, of the filter, of the output. */
interface Axis {
  readonly size: number;
  readonly before: number;
  readonly after: number;
  readonly taps: number;
  readonly stride: number;
  readonly outputs: number;
}

interface Geometry {
  readonly rows: Axis;
  readonly columns: Axis;
}

function geometryOf(inputShape: readonly number[], filterShape: FilterShape, attrs: KernelArgs['attrs']): Geometry {
  const { strides, pad, dataFormat, dimRoundingMode } = attrs as {
    strides: number | [number, number];
    pad: 'valid' | 'same' | number;
    dataFormat?: 'NHWC' | 'NCHW';
    dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
  if (dataFormat === 'NCHW') throw new Error('the wasm engine computes convolution gradients in NHWC only');
  const info = tf.backend_util.computeConv2DInfo(inputShape as FilterShape, filterShape, strides, 1, pad, dimRoundingMode);
  const { padInfo } = info;
  return {
    rows: {
      size: info.inHeight,
      before: padInfo.top,
      after: padInfo.bottom,
      taps: info.filterHeight,
      stride: info.strideHeight,
      outputs: info.outHeight,
    },
    columns: {
      size: info.inWidth,
      before: padInfo.left,
      after: padInfo.right,
      taps: info.filterWidth,
      stride: info.strideWidth,
      outputs: info.outWidth,
    },
  };
}

/**
 * The filter's gradient as one convolution with the roles of N and C exchanged: the input's channels are its
 * batch, dy is its filter, dilated by the stride. dw[i,j,c,f] = Σ_{n,p,q} x[n, s·p+i, s·q+j, c] · dy[n,p,q,f].
 */
function filterGradient(x: Tensor4D, dy: Tensor4D, { rows, columns }: Geometry): Tensor4D {
  const used = crop(pad(x, rows, columns), reach(rows), reach(columns));
  const exchanged = tf.conv2d(tf.transpose(used, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, 'valid', 'NHWC', [
    rows.stride,
    columns.stride,
  ]);
  return tf.transpose(exchanged, [1, 2, 0, 3]);
}

/**
 * The input's gradient. With stride s, input row h meets only the taps i with i ≡ h (mod s): each of the s × s
 * residues is a convolution of dy with its part of the filter, flipped; they are then interleaved. For stride 1
 * that is the well-known full convolution with the flipped filter.
 */
function inputGradient(dy: Tensor4D, filter: Tensor4D, { rows, columns }: Geometry): Tensor4D {
  const flipped = tf.transpose(filter, [0, 1, 3, 2]);
  const bands = residues(rows).map((row) =>
    interleaveColumns(residues(columns).map((column) => residueGradient(dy, flipped, row, column, rows, columns))),
  );
  const full = interleaveRows(bands);
  return tf.slice(full, [0, rows.before, columns.before, 0], [full.shape[0], rows.size, columns.size, full.shape[3]]);
}

function residueGradient(dy: Tensor4D, swapped: Tensor4D, row: number, column: number, rows: Axis, columns: Axis): Tensor4D {
  const [height, width] = [groups(rows), groups(columns)];
  const [tapRows, tapColumns] = [tapsOf(rows, row), tapsOf(columns, column)];
  const inputs = swapped.shape[3];
  if (tapRows === 0 || tapColumns === 0) return tf.zeros([dy.shape[0], height, width, inputs]);
  const part =
    rows.stride === 1 && columns.stride === 1
      ? swapped
      : tf.stridedSlice(swapped, [row, column, 0, 0], swapped.shape, [rows.stride, columns.stride, 1, 1]);
  const padding: [[number, number], [number, number], [number, number], [number, number]] = [
    [0, 0],
    [tapRows - 1, height - rows.outputs],
    [tapColumns - 1, width - columns.outputs],
    [0, 0],
  ];
  return tf.conv2d(dy, tf.reverse(part, [0, 1]) as Tensor4D, 1, padding);
}

function interleaveColumns(parts: Tensor4D[]): Tensor4D {
  const [first] = parts as [Tensor4D];
  if (parts.length === 1) return first;
  const [n, h, w, c] = first.shape;
  return tf.reshape(tf.concat(parts, 3), [n, h, w * parts.length, c]);
}

function interleaveRows(bands: Tensor4D[]): Tensor4D {
  const [first] = bands as [Tensor4D];
  if (bands.length === 1) return first;
  const [n, h, w, c] = first.shape;
  const flat = bands.map((band) => tf.reshape(band, [n, h, w * c]));
  return tf.reshape(tf.concat(flat, 2), [n, h * bands.length, w, c]);
}

/** Rows per residue, enough for every padded row. */
function groups({ size, before, after, stride }: Axis): number {
  return Math.ceil((size + before + after) / stride);
}

function residues({ stride }: Axis): number[] {
  return Array.from({ length: stride }, (_, residue) => residue);
}

function tapsOf({ taps, stride }: Axis, residue: number): number {
  return Math.max(0, Math.ceil((taps - residue) / stride));
}

/** Padded rows that the convolution reads; a stride may leave a rest at the end. */
function reach({ outputs, stride, taps }: Axis): number {
  return (outputs - 1) * stride + taps;
}

function pad(x: Tensor4D, rows: Axis, columns: Axis): Tensor4D {
  if (!rows.before && !rows.after && !columns.before && !columns.after) return x;
  return tf.pad(x, [
    [0, 0],
    [rows.before, rows.after],
    [columns.before, columns.after],
    [0, 0],
  ]);
}

function crop(x: Tensor4D, height: number, width: number): Tensor4D {
  const [n, h, w, c] = x.shape;
  return h === height && w === width ? x : tf.slice(x, [0, 0, 0, 0], [n, height, width, c]);
}
