import * as tf from '@tensorflow/tfjs-core';
import type { KernelArgs } from '../kernels/kernelArgs';

export type FilterShape = [height: number, width: number, inputs: number, outputs: number];

/** Sizes along one axis of the images: of the input, of the zeros before it, of the filter, of the output. */
export interface Axis {
  readonly size: number;
  readonly before: number;
  readonly taps: number;
  readonly stride: number;
  readonly outputs: number;
}

/** A convolution of [images, rows, columns, inputs] with a filter [rows, columns, inputs, outputs]. */
export interface Geometry {
  readonly images: number;
  readonly rows: Axis;
  readonly columns: Axis;
  readonly inputs: number;
  readonly outputs: number;
}

/** A kernel's geometry, by tfjs-core's contract; undefined for one of another data format, or dilated. */
export function geometryOf(inputShape: readonly number[], filterShape: FilterShape, attrs: KernelArgs['attrs']): Geometry | undefined {
  const { strides, pad, dataFormat, dimRoundingMode, dilations } = attrs as {
    strides: number | [number, number];
    pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
    dataFormat?: 'NHWC' | 'NCHW';
    dimRoundingMode?: 'floor' | 'round' | 'ceil';
    dilations?: number | [number, number];
  };
  if (dataFormat === 'NCHW' || [dilations ?? 1].flat().some((dilation) => dilation !== 1)) return undefined;
  const info = tf.backend_util.computeConv2DInfo(inputShape as FilterShape, filterShape, strides, 1, pad, dimRoundingMode);
  return {
    images: info.batchSize,
    rows: {
      size: info.inHeight,
      before: info.padInfo.top,
      taps: info.filterHeight,
      stride: info.strideHeight,
      outputs: info.outHeight,
    },
    columns: {
      size: info.inWidth,
      before: info.padInfo.left,
      taps: info.filterWidth,
      stride: info.strideWidth,
      outputs: info.outWidth,
    },
    inputs: info.inChannels,
    outputs: info.outChannels,
  };
}

/** Rows or columns of a framed image that a convolution reads: all of the input, and the zeros around it. */
export const framedSize = ({ size, before, taps, stride, outputs }: Axis): number => Math.max(before + size, (outputs - 1) * stride + taps);

export const range = (count: number): number[] => Array.from({ length: Math.max(0, count) }, (_, i) => i);

const CHUNKS = 8;
const CHUNKS_BYTES = 16 * 2 ** 20;

/** Into how many chunks images are cut whose filter gradients are summed by themselves: a unit of work each, unless that takes too much memory. */
export const chunksOf = (images: number, chunkBytes: number): number =>
  Math.max(1, Math.min(CHUNKS, images, Math.floor(CHUNKS_BYTES / chunkBytes)));
