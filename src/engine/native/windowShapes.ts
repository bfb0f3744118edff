import type { OpCall } from './opCall';

/** [n, height, width, channels] of sliding a window over an image. SAME covers it all, VALID and EXPLICIT the whole windows in it and its border. */
const windows = (call: OpCall, [height = 1, width = 1]: readonly number[], channels: number): number[] => {
  if (call.text('data_format') !== 'NHWC') throw call.unlike('has images that are not NHWC');
  const [n = 0, ...image] = call.input(0).shape;
  const padding = call.text('padding');
  const border = padding === 'EXPLICIT' ? call.numbers('explicit_paddings') : [];
  const along = (axis: 1 | 2, window: number): number => {
    const [size, stride] = [image[axis - 1] ?? 0, call.numbers('strides')[axis] ?? 1];
    if (padding === 'SAME') return Math.ceil(size / stride);
    const room = size + (border[2 * axis] ?? 0) + (border[2 * axis + 1] ?? 0) - window;
    return Math.floor(room / stride) + 1;
  };
  return [n, along(1, height), along(2, width), channels];
};

/** What pooling gives. */
export const pooled = (call: OpCall): number[] => windows(call, call.numbers('ksize').slice(1, 3), call.input(0).shape[3] ?? 0);

/** What a convolution gives. */
export const convolved = (call: OpCall): number[] => {
  const [height = 1, width = 1, , channels = 0] = call.input(1).shape;
  const [, downwards = 1, across = 1] = call.numbers('dilations');
  return windows(call, [(height - 1) * downwards + 1, (width - 1) * across + 1], channels);
};
