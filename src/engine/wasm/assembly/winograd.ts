import { fourByEight } from './convolution';
import { frame } from './images';
import { take } from './simd';

/*
 * Winograd's convolution F(2×2, 3×3) (Lavin and Gray, Fast algorithms for convolutional neural networks, CVPR 2016, section 4.1):
 * 2 × 2 outputs of a 3×3 filter of stride 1 are Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A of a 4 × 4 tile d, 16 products in place of 36. Summed over
 * channels, the products are 16 matrix products.
 */
export const PLANES = 16;
/** Bytes between planes: without them, planes of a size that is a power of two would fall on the same lines of the cache. */
export const GAP: usize = 64;

/**
 * G g Gᵀ for each input and output, as [16][blocks of 8 outputs][inputs][8].
 * @param filter entry (tap, input, output) at tap · inputs · outputs + input · inputStep + output · outputStep
 * @param flip 1 takes the taps in reverse, as an input's gradient does
 * @param outputs a multiple of eight
 */
export function packWinograd(filter: usize, packed: usize, inputs: i32, outputs: i32, inputStep: i32, outputStep: i32, flip: i32): void {
  const tapBytes = (<usize>(inputs * outputs)) << 2;
  const plane = tapBytes;
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      const from = filter + ((<usize>(input * inputStep + output * outputStep)) << 2);
      let to = packed + ((<usize>((output >> 3) * inputs * 8 + input * 8 + (output & 7))) << 2);
      for (let i = 0; i < 4; i++) {
        const g0 = filterRow(from, tapBytes, flip, i, 0);
        const g1 = filterRow(from, tapBytes, flip, i, 1);
        const g2 = filterRow(from, tapBytes, flip, i, 2);
        store<f32>(to, g0);
        store<f32>(to + plane, 0.5 * (g0 + g1 + g2));
        store<f32>(to + 2 * plane, 0.5 * (g0 - g1 + g2));
        store<f32>(to + 3 * plane, g2);
        to += 4 * plane;
      }
    }
  }
}

/** Row i of G g at column j of the filter. */
function filterRow(from: usize, tapBytes: usize, flip: i32, i: i32, j: i32): f32 {
  const top = tapAt(from, tapBytes, flip, j);
  const middle = tapAt(from, tapBytes, flip, 3 + j);
  const bottom = tapAt(from, tapBytes, flip, 6 + j);
  if (i == 0) return top;
  if (i == 3) return bottom;
  return 0.5 * (i == 1 ? top + middle + bottom : top - middle + bottom);
}

function tapAt(from: usize, tapBytes: usize, flip: i32, tap: i32): f32 {
  return load<f32>(from + <usize>(flip ? 8 - tap : tap) * tapBytes);
}

/**
 * A convolution with a 3×3 filter of stride 1. A unit of work is an image.
 * @param x [n, height, width, inputs], inputs a multiple of four
 * @param packed the filter as {@link packWinograd} leaves it
 * @param y [n, outRows, outColumns, outputs], outputs a multiple of eight
 * @param top zeros before the rows of x, and `left` before its columns
 * @param strip rows of tiles that are worked on together
 * @param corner an i32 of zero: the offset of a convolution's only tap
 * @param frames room of this thread: a framed image of 2 + twice as many rows and columns as there are tiles, and 16 planes of a strip's
 * tiles for inputs and for outputs
 */
export function winograd(
  x: usize,
  packed: usize,
  y: usize,
  n: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outputs: i32,
  top: i32,
  left: i32,
  outRows: i32,
  outColumns: i32,
  strip: i32,
  corner: usize,
  frames: usize,
  counter: usize,
): void {
  const pixel = (<usize>inputs) << 2;
  const outPixel = (<usize>outputs) << 2;
  const tileRows = (outRows + 1) >> 1;
  const tileColumns = (outColumns + 1) >> 1;
  const framedRow = <usize>(2 * tileColumns + 2) * pixel;
  const planes = frames + <usize>(2 * tileRows + 2) * framedRow;
  const products = planes + PLANES * (<usize>(strip * tileColumns) * pixel + GAP);
  for (let image = take(counter); image < n; image = take(counter)) {
    const from = x + <usize>(image * height * width) * pixel;
    const to = y + <usize>(image * outRows * outColumns) * outPixel;
    frame(from, frames, 1, height, <usize>width * pixel, top, <usize>left * pixel, 2 * tileRows + 2, framedRow);
    for (let first = 0; first < tileRows; first += strip) {
      const rows = min(strip, tileRows - first);
      const tiles = rows * tileColumns;
      const planeBytes = <usize>tiles * pixel + GAP;
      const productBytes = <usize>tiles * outPixel + GAP;
      let plane = planes;
      for (let row = first; row < first + rows; row++) {
        for (let column = 0; column < tileColumns; column++) {
          transformInput(frames + <usize>(2 * row) * framedRow + <usize>(2 * column) * pixel, framedRow, pixel, plane, planeBytes);
          plane += pixel;
        }
      }
      for (let k = 0; k < PLANES; k++)
        multiply(
          planes + <usize>k * planeBytes,
          packed + <usize>(k * outputs) * pixel,
          products + <usize>k * productBytes,
          tiles,
          pixel,
          outPixel,
          corner,
        );
      let product = products;
      for (let row = first; row < first + rows; row++) {
        for (let column = 0; column < tileColumns; column++) {
          const place = to + <usize>(2 * row * outColumns + 2 * column) * outPixel;
          const below = 2 * row + 1 < outRows ? <usize>outColumns * outPixel : 0;
          const beside = 2 * column + 1 < outColumns ? outPixel : 0;
          transformOutput(product, productBytes, place, below, beside, outPixel);
          product += outPixel;
        }
      }
    }
  }
}

/** Bᵀ d B of the tile at `d`, for all channels. */
export function transformInput(d: usize, row: usize, pixel: usize, to: usize, plane: usize): void {
  for (let c: usize = 0; c < pixel; c += 16) {
    const d0 = d + c;
    const d1 = d0 + row;
    const d2 = d1 + row;
    const d3 = d2 + row;
    let out = to + c;
    for (let i = 0; i < 4; i++) {
      // Row i of Bᵀ has two entries: d0 − d2, d1 + d2, d2 − d1, d1 − d3.
      const a = i == 0 ? d0 : i == 2 ? d2 : d1;
      const b = i == 2 ? d1 : i == 3 ? d3 : d2;
      let t0: v128;
      let t1: v128;
      let t2: v128;
      let t3: v128;
      if (i == 1) {
        t0 = f32x4.add(v128.load(a), v128.load(b));
        t1 = f32x4.add(v128.load(a + pixel), v128.load(b + pixel));
        t2 = f32x4.add(v128.load(a + 2 * pixel), v128.load(b + 2 * pixel));
        t3 = f32x4.add(v128.load(a + 3 * pixel), v128.load(b + 3 * pixel));
      } else {
        t0 = f32x4.sub(v128.load(a), v128.load(b));
        t1 = f32x4.sub(v128.load(a + pixel), v128.load(b + pixel));
        t2 = f32x4.sub(v128.load(a + 2 * pixel), v128.load(b + 2 * pixel));
        t3 = f32x4.sub(v128.load(a + 3 * pixel), v128.load(b + 3 * pixel));
      }
      v128.store(out, f32x4.sub(t0, t2));
      v128.store(out + plane, f32x4.add(t1, t2));
      v128.store(out + 2 * plane, f32x4.sub(t2, t1));
      v128.store(out + 3 * plane, f32x4.sub(t1, t3));
      out += 4 * plane;
    }
  }
}

/** Aᵀ M A of one tile, for all channels. Where the output ends before the tile, `below` or `beside` is 0, and the inner row or column is written last. */
function transformOutput(m: usize, plane: usize, corner: usize, below: usize, beside: usize, outPixel: usize): void {
  for (let f: usize = 0; f < outPixel; f += 16) {
    const from = m + f;
    const to = corner + f;
    const upper0 = upperSum(from, plane);
    const upper1 = upperSum(from + plane, plane);
    const upper2 = upperSum(from + 2 * plane, plane);
    const upper3 = upperSum(from + 3 * plane, plane);
    const lower0 = lowerSum(from, plane);
    const lower1 = lowerSum(from + plane, plane);
    const lower2 = lowerSum(from + 2 * plane, plane);
    const lower3 = lowerSum(from + 3 * plane, plane);
    v128.store(to + below + beside, f32x4.sub(f32x4.sub(lower1, lower2), lower3));
    v128.store(to + below, f32x4.add(f32x4.add(lower0, lower1), lower2));
    v128.store(to + beside, f32x4.sub(f32x4.sub(upper1, upper2), upper3));
    v128.store(to, f32x4.add(f32x4.add(upper0, upper1), upper2));
  }
}

/** Row 0 of Aᵀ M in a column: planes of a column are four apart. */
function upperSum(m: usize, plane: usize): v128 {
  return f32x4.add(f32x4.add(v128.load(m), v128.load(m + 4 * plane)), v128.load(m + 8 * plane));
}

/** Row 1 of Aᵀ M in a column. */
function lowerSum(m: usize, plane: usize): v128 {
  return f32x4.sub(f32x4.sub(v128.load(m + 4 * plane), v128.load(m + 8 * plane)), v128.load(m + 12 * plane));
}

/** [tiles, inputs] × [inputs, outputs] of one plane: a convolution of a single tap. */
function multiply(a: usize, weights: usize, to: usize, tiles: i32, pixel: usize, outPixel: usize, corner: usize): void {
  const last = tiles - 1;
  const inputs = <i32>(pixel >> 2);
  for (let out = to; out < to + outPixel; out += 32) {
    for (let t = 0; t < tiles; t += 4) {
      // Where fewer than four are left, the last one is computed again.
      const t0 = <usize>t;
      const t1 = <usize>min(t + 1, last);
      const t2 = <usize>min(t + 2, last);
      const t3 = <usize>min(t + 3, last);
      fourByEight(
        a + t0 * pixel,
        a + t1 * pixel,
        a + t2 * pixel,
        a + t3 * pixel,
        weights,
        corner,
        1,
        inputs,
        out + t0 * outPixel,
        out + t1 * outPixel,
        out + t2 * outPixel,
        out + t3 * outPixel,
        8,
      );
    }
    weights += pixel << 3;
  }
}
