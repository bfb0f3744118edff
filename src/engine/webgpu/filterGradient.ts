import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { KernelArgs } from '../kernels/kernelArgs';
import { runShader, type Shader } from './programs';
import { sumOfRows } from './sums';

type Shape4 = [number, number, number, number];

/** dw of some images, [parts, taps, C, F]: Σ x[n, s·p + i, s·q + j, c] · dy[n, p, q, f] over the images n of a part. */
const OF_PARTS: Shader = {
  name: 'labFilterGradient',
  inputs: ['x', 'dy'],
  uniforms: ['images', 'batch', 'filterWidth', 'top', 'left', 'strideHeight', 'strideWidth', 'height', 'width', 'outHeight', 'outWidth'],
  body: `
    let coords = getCoordsFromIndex(index);
    let firstRow = coords[1] / uniforms.filterWidth - uniforms.top;
    let firstColumn = coords[1] % uniforms.filterWidth - uniforms.left;
    let end = min((coords[0] + 1) * uniforms.images, uniforms.batch);
    var total = 0.0;
    for (var n = coords[0] * uniforms.images; n < end; n = n + 1) {
      for (var p = 0; p < uniforms.outHeight; p = p + 1) {
        let row = firstRow + p * uniforms.strideHeight;
        if (row < 0 || row >= uniforms.height) { continue; }
        var ofRow = 0.0;
        for (var q = 0; q < uniforms.outWidth; q = q + 1) {
          let column = firstColumn + q * uniforms.strideWidth;
          if (column < 0 || column >= uniforms.width) { continue; }
          ofRow = ofRow + getX(n, row, column, coords[2]) * getDy(n, p, q, coords[3]);
        }
        total = total + ofRow;
      }
    }
    setOutputAtIndex(index, total);`,
};

/** How many numbers the parts may take together, 16 MiB. */
const ROOM = 2 ** 22;

/**
 * The filter's gradient of a convolution; tfjs-core's contract, NHWC only. tfjs's own has one invocation go over the whole batch for each
 * number of the filter: too few to keep a GPU busy, and a sum so long that its rounding shows. Here the images share the work.
 */
export function filterGradient(backend: WebGPUBackend, x: Tensor4D, dy: Tensor4D, attrs: KernelArgs['attrs']): Tensor {
  const { strides, pad, dimRoundingMode, dataFormat, filterShape } = attrs as {
    strides: number | [number, number];
    pad: 'valid' | 'same' | number;
    dataFormat?: 'NHWC' | 'NCHW';
    dimRoundingMode?: 'floor' | 'round' | 'ceil';
    filterShape: Shape4;
  };
  if (dataFormat === 'NCHW') throw new Error('the webgpu engine computes convolution gradients in NHWC only');
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const size = tf.util.sizeFromShape(filterShape);
  const images = Math.ceil(info.batchSize / Math.min(info.batchSize, Math.max(1, Math.floor(ROOM / size))));
  const [, , inChannels, outChannels] = filterShape;
  const shape = [Math.ceil(info.batchSize / images), info.filterHeight * info.filterWidth, inChannels, outChannels];
  const parts = runShader(backend, OF_PARTS, [x, dy], shape, {
    images,
    batch: info.batchSize,
    filterWidth: info.filterWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    height: info.inHeight,
    width: info.inWidth,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
  });
  return tf.reshape(sumOfRows(backend, tf.reshape(parts, [shape[0] ?? 1, size])), filterShape);
}
