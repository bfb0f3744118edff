import { frame } from './images';
import { multiplyAdd, take } from './simd';

/**
 * Orders a filter for {@link convolve}: [blocks of 8 outputs][taps][inputs][8], zeros where the outputs end.
 * @param filter entry (tap, input, output) at tap · inputs · outputs + input · inputStep + output · outputStep
 * @param taps i32: which taps, in which order
 */
export function packFilter(
  filter: usize,
  packed: usize,
  taps: usize,
  tapCount: i32,
  inputs: i32,
  outputs: i32,
  inputStep: i32,
  outputStep: i32,
): void {
  for (let block = 0; block < outputs; block += 8) {
    const valid = min(8, outputs - block);
    for (let t = 0; t < tapCount; t++) {
      const tap = load<i32>(taps + ((<usize>t) << 2));
      for (let input = 0; input < inputs; input++) {
        const from = filter + ((<usize>(tap * outputs * inputs + input * inputStep + block * outputStep)) << 2);
        for (let k = 0; k < valid; k++) store<f32>(packed + ((<usize>k) << 2), load<f32>(from + ((<usize>(k * outputStep)) << 2)));
        for (let k = valid; k < 8; k++) store<f32>(packed + ((<usize>k) << 2), 0);
        packed += 32;
      }
    }
  }
}

/**
 * y[p, f] = Σ over taps t and inputs c of x[p + t, c] · w[t, c, f]: a convolution of any stride and padding, and the part of
 * an input's gradient that one residue of the stride makes. A unit of work is a group of images.
 * @param x images [n, height, width, inputs]
 * @param packed the filter as {@link packFilter} leaves it
 * @param tapOffsets i32, bytes from an output's corner in a framed image to each tap
 * @param places i32 pairs for each output of a group of images: bytes of its corner in the framed group, and of itself in y's group
 * @param pixels outputs of one image
 * @param frames room for a group of framed images of this thread; not used where nothing is framed
 */
export function convolve(
  x: usize,
  packed: usize,
  y: usize,
  tapOffsets: usize,
  tapCount: i32,
  places: usize,
  pixels: i32,
  n: i32,
  group: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outputs: i32,
  top: i32,
  left: i32,
  paddedHeight: i32,
  paddedWidth: i32,
  imageBytesOut: i32,
  frames: usize,
  counter: usize,
): void {
  const rowBytes = (<usize>(width * inputs)) << 2;
  const imageBytes = <usize>height * rowBytes;
  const framed = paddedHeight != height || paddedWidth != width;
  const groups = (n + group - 1) / group;
  for (let unit = take(counter); unit < groups; unit = take(counter)) {
    const first = unit * group;
    const count = min(group, n - first);
    let from = x + <usize>first * imageBytes;
    if (framed) {
      frame(from, frames, count, height, rowBytes, top, (<usize>(left * inputs)) << 2, paddedHeight, (<usize>(paddedWidth * inputs)) << 2);
      from = frames;
    }
    const last = count * pixels - 1;
    let weights = packed;
    for (let block = 0; block < outputs; block += 8) {
      const to = y + <usize>(first * imageBytesOut) + ((<usize>block) << 2);
      for (let p = 0; p <= last; p += 4) {
        // Where fewer than four are left, the last one is computed again.
        const place0 = places + ((<usize>p) << 3);
        const place1 = places + ((<usize>min(p + 1, last)) << 3);
        const place2 = places + ((<usize>min(p + 2, last)) << 3);
        const place3 = places + ((<usize>min(p + 3, last)) << 3);
        fourByEight(
          from + <usize>load<u32>(place0),
          from + <usize>load<u32>(place1),
          from + <usize>load<u32>(place2),
          from + <usize>load<u32>(place3),
          weights,
          tapOffsets,
          tapCount,
          inputs,
          to + <usize>load<u32>(place0, 4),
          to + <usize>load<u32>(place1, 4),
          to + <usize>load<u32>(place2, 4),
          to + <usize>load<u32>(place3, 4),
          outputs - block,
        );
      }
      weights += (<usize>(tapCount * inputs)) << 5;
    }
  }
}

/**
 * Four outputs y by eight channels, of which the first `valid` are stored, from the corners p of their inputs: all that it needs
 * stays in the registers that a 128-bit CPU has.
 */
export function fourByEight(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  weights: usize,
  tapOffsets: usize,
  tapCount: i32,
  inputs: i32,
  y0: usize,
  y1: usize,
  y2: usize,
  y3: usize,
  valid: i32,
): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  const end = tapOffsets + ((<usize>tapCount) << 2);
  for (let tap = tapOffsets; tap < end; tap += 4) {
    let c = <usize>load<u32>(tap);
    const last = c + ((<usize>inputs) << 2);
    for (; c < last; c += 4) {
      const low = v128.load(weights);
      const high = v128.load(weights, 16);
      weights += 32;
      const x0 = v128.load32_splat(p0 + c);
      a0 = multiplyAdd(x0, low, a0);
      b0 = multiplyAdd(x0, high, b0);
      const x1 = v128.load32_splat(p1 + c);
      a1 = multiplyAdd(x1, low, a1);
      b1 = multiplyAdd(x1, high, b1);
      const x2 = v128.load32_splat(p2 + c);
      a2 = multiplyAdd(x2, low, a2);
      b2 = multiplyAdd(x2, high, b2);
      const x3 = v128.load32_splat(p3 + c);
      a3 = multiplyAdd(x3, low, a3);
      b3 = multiplyAdd(x3, high, b3);
    }
  }
  put(y0, a0, b0, valid);
  put(y1, a1, b1, valid);
  put(y2, a2, b2, valid);
  put(y3, a3, b3, valid);
}

/** Stores the first `valid` of eight numbers. */
function put(to: usize, low: v128, high: v128, valid: i32): void {
  if (valid >= 8) {
    v128.store(to, low);
    v128.store(to, high, 16);
    return;
  }
  let rest = low;
  if (valid >= 4) {
    v128.store(to, low);
    to += 16;
    valid -= 4;
    rest = high;
  }
  if (valid > 0) v128.store32_lane(to, rest, 0);
  if (valid > 1) v128.store32_lane(to, rest, 1, 4);
  if (valid > 2) v128.store32_lane(to, rest, 2, 8);
}
