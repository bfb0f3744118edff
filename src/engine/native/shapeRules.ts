import { backend_util, slice_util } from '@tensorflow/tfjs-core';
import type { OpCall } from './opCall';

/* The shape of an op's first output: TensorFlow's documented semantics (tensorflow.org/api_docs/python/tf/raw_ops). */

/** As input 0. */
export const sameShape = (call: OpCall): number[] => [...call.input(0).shape];
/** Of inputs 0 and 1, as numpy broadcasts. */
export const broadcast = (call: OpCall): number[] => backend_util.assertAndGetBroadcastShape(call.input(0).shape, call.input(1).shape);

/** Without the axes in input 1, or with size 1 there. */
export const reduced = (call: OpCall): number[] => {
  const { shape } = call.input(0);
  const axes = call.axes(1, shape.length);
  const keep = call.flag('keep_dims');
  return shape.flatMap((size, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [size]));
};

/** The shape without the axis in input 1. */
export const withoutAxis = (call: OpCall): number[] => {
  const { shape } = call.input(0);
  const [dropped] = call.axes(1, shape.length);
  return shape.filter((_, axis) => axis !== dropped);
};

/** With the borders in input 1, [rank, 2]. */
export const padded = (call: OpCall): number[] => {
  const border = call.values(1);
  return call.input(0).shape.map((size, axis) => size + (border[2 * axis] ?? 0) + (border[2 * axis + 1] ?? 0));
};

/** Of the matrices in the last two axes. */
export const matrixProduct = (call: OpCall): number[] => {
  const [a, b] = [call.input(0).shape, call.input(1).shape];
  const batch = backend_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2));
  return [...batch, a.at(call.flag('adj_x') ? -1 : -2) ?? 0, b.at(call.flag('adj_y') ? -2 : -1) ?? 0];
};

/** Of the sizes behind the labels of an equation without an ellipsis. */
export const einsum = (call: OpCall): number[] => {
  const [from = '', to = ''] = call.text('equation').replaceAll(' ', '').split('->');
  const labels = from.split(',');
  const sizes = new Map(call.inputs.flatMap(({ shape }, i) => shape.map((size, axis) => [labels[i]?.[axis], size] as const)));
  return [...to].map((label) => sizes.get(label) ?? 0);
};

/** Of the part of sizes in input 2 that begins where input 1 says. */
export const sliced = (call: OpCall): number[] => {
  const [begin, size] = [call.values(1), call.values(2)];
  return call.input(0).shape.map((whole, axis) => (size[axis] === -1 ? whole - (begin[axis] ?? 0) : (size[axis] ?? 0)));
};

/** Of a part with steps, and masks of its axes. */
export const stridedSlice = (call: OpCall): number[] => {
  const masks = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'] as const;
  const [begin, end, ellipsis, newAxis, shrink] = masks.map((mask) => call.number(mask));
  const [from, to, strides] = [call.values(1), call.values(2), call.values(3)];
  // tfjs-core has TensorFlow's own validation of strided slices in JavaScript.
  return slice_util.sliceInfo(call.input(0).shape, from, to, strides, begin ?? 0, end ?? 0, ellipsis ?? 0, newAxis ?? 0, shrink ?? 0)
    .finalShape;
};

/** Of the inputs but the last, joined along the axis there. */
export const concatenated = (call: OpCall): number[] => {
  const parts = call.inputs.slice(0, -1);
  const shape = sameShape(call);
  const [axis = 0] = call.axes(parts.length, shape.length);
  shape[axis] = parts.reduce((total, part) => total + (part.shape[axis] ?? 0), 0);
  return shape;
};

/** Of input 0 with input 1's shape in place of the axis in input 2. */
export const gathered = (call: OpCall): number[] => {
  const [{ shape }, indices] = [call.input(0), call.input(1)];
  const [axis = 0] = call.axes(2, shape.length);
  return [...shape.slice(0, axis), ...indices.shape.slice(call.number('batch_dims')), ...shape.slice(axis + 1)];
};

/** A new axis at a place counted from the front, or from behind where it is negative. */
export const withAxis = (shape: readonly number[], place: number, size: number): number[] =>
  shape.toSpliced(place < 0 ? place + shape.length + 1 : place, 0, size);
