import * as tf from '@tensorflow/tfjs-core';
import { noise } from './compare';
import { eachProduct, outputSize, type ConvolutionCase } from './plainConvolution';

/** What a convolution and its gradients by input and filter are named in failures. */
export const KINDS = ['the convolution', "the input's gradient", "the filter's gradient"] as const;

/**
 * Convolution and both gradients of a case on the current engine, and in double precision term by term.
 * @param pad as the kernels are told; by default the case's zeros
 */
export function bothWays(c: ConvolutionCase, pad?: 'same'): { actual: Float32Array[]; expected: Float64Array[] } {
  const xShape = [c.images, ...c.size, c.inputs];
  const wShape = [...c.filter, c.inputs, c.outputs];
  const yShape = [c.images, ...outputSize(c), c.outputs];
  const [x, w, dy] = [xShape, wShape, yShape].map((shape, i) => noise(tf.util.sizeFromShape(shape), 20 + i)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [y, dx, dw] = [new Float64Array(dy.length), new Float64Array(x.length), new Float64Array(w.length)];
  eachProduct(c, (atX, atW, atY) => {
    const [ofX, ofW, ofDy] = [x[atX] ?? 0, w[atW] ?? 0, dy[atY] ?? 0];
    y[atY] = (y[atY] ?? 0) + ofX * ofW;
    dx[atX] = (dx[atX] ?? 0) + ofDy * ofW;
    dw[atW] = (dw[atW] ?? 0) + ofX * ofDy;
  });
  const zeros = [[0, 0], [c.before[0], c.after[0]], [c.before[1], c.after[1]], [0, 0]]; // prettier-ignore
  const attrs = { strides: [...c.stride], pad: pad ?? zeros, dataFormat: 'NHWC', dilations: 1, dimRoundingMode: 'floor' };
  const run = (name: string, inputs: tf.NamedTensorMap, extra: object = {}): Float32Array => {
    const output = tf.engine().runKernel<tf.Tensor>(name, inputs, { ...attrs, ...extra } as unknown as tf.NamedAttrMap);
    return Float32Array.from(output.dataSync());
  };
  const actual = tf.tidy(() => {
    const [tx, tw, tdy] = [tf.tensor(x, xShape), tf.tensor(w, wShape), tf.tensor(dy, yShape)];
    return [
      run('Conv2D', { x: tx, filter: tw }),
      run('Conv2DBackpropInput', { dy: tdy, filter: tw }, { inputShape: xShape }),
      run('Conv2DBackpropFilter', { x: tx, dy: tdy }, { filterShape: wShape }),
    ];
  });
  return { actual, expected: [y, dx, dw] };
}
