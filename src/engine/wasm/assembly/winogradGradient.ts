import { fourRows } from './filterGradient';
import { frame } from './images';
import { take } from './simd';
import { transformInput, GAP, PLANES } from './winograd';

/*
 * The gradient of a 3×3 filter of stride 1 in Winograd's form F(3×3, 2×2): a tile's share is Aᵀ[(G dy Gᵀ) ⊙ (Bᵀ d B)]A of its 2 × 2
 * gradients and the same 4 × 4 inputs d as in ./winograd. The products are summed over all tiles before Aᵀ and A are applied.
 */

/**
 * Sums of products for each chunk of images, which is a unit of work; {@link finishWinogradGradient} makes the gradient of them.
 * @param x [n, height, width, inputs], inputs a multiple of four
 * @param dy [n, outRows, outColumns, outputs], outputs a multiple of eight
 * @param partial [chunks, 16, inputs, outputs]
 * @param capacity tiles that are worked on together, at least one row of them
 * @param frames room of this thread: a framed image of 2 + twice as many rows and columns as there are tiles, a gradient of twice as
 * many, and 16 planes of tiles for each
 */
export function winogradGradient(
  x: usize,
  dy: usize,
  partial: usize,
  n: i32,
  chunks: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outputs: i32,
  top: i32,
  left: i32,
  outRows: i32,
  outColumns: i32,
  capacity: i32,
  frames: usize,
  counter: usize,
): void {
  const pixel = (<usize>inputs) << 2;
  const outPixel = (<usize>outputs) << 2;
  const tileRows = (outRows + 1) >> 1;
  const tileColumns = (outColumns + 1) >> 1;
  const framedRow = <usize>(2 * tileColumns + 2) * pixel;
  const gradientRow = <usize>(2 * tileColumns) * outPixel;
  const gradients = frames + <usize>(2 * tileRows + 2) * framedRow;
  const planes = gradients + <usize>(2 * tileRows) * gradientRow;
  const planeBytes = <usize>capacity * pixel + GAP;
  const gradientPlanes = planes + PLANES * planeBytes;
  const gradientPlaneBytes = <usize>capacity * outPixel + GAP;
  const even = ((outRows | outColumns) & 1) == 0;

  for (let chunk = take(counter); chunk < chunks; chunk = take(counter)) {
    const sums = partial + <usize>(chunk * PLANES * inputs) * outPixel;
    memory.fill(sums, 0, <usize>(PLANES * inputs) * outPixel);
    let tiles = 0;
    const end = (n * (chunk + 1)) / chunks;
    for (let image = (n * chunk) / chunks; image < end; image++) {
      const from = x + <usize>(image * height * width) * pixel;
      frame(from, frames, 1, height, <usize>width * pixel, top, <usize>left * pixel, 2 * tileRows + 2, framedRow);
      let gradient = dy + <usize>(image * outRows * outColumns) * outPixel;
      if (!even) {
        frame(gradient, gradients, 1, outRows, <usize>outColumns * outPixel, 0, 0, 2 * tileRows, gradientRow);
        gradient = gradients;
      }
      for (let row = 0; row < tileRows; row++) {
        if (tiles + tileColumns > capacity) {
          addProducts(planes, planeBytes, gradientPlanes, gradientPlaneBytes, sums, tiles, pixel, outPixel);
          tiles = 0;
        }
        for (let column = 0; column < tileColumns; column++) {
          const corner = frames + <usize>(2 * row) * framedRow + <usize>(2 * column) * pixel;
          transformInput(corner, framedRow, pixel, planes + <usize>tiles * pixel, planeBytes);
          const four = gradient + <usize>(2 * row) * gradientRow + <usize>(2 * column) * outPixel;
          transformGradient(four, gradientRow, outPixel, gradientPlanes + <usize>tiles * outPixel, gradientPlaneBytes);
          tiles++;
        }
      }
    }
    addProducts(planes, planeBytes, gradientPlanes, gradientPlaneBytes, sums, tiles, pixel, outPixel);
  }
}

/** G dy Gᵀ of 2 × 2 gradients, for all channels. */
function transformGradient(dy: usize, row: usize, outPixel: usize, to: usize, plane: usize): void {
  const half = f32x4.splat(0.5);
  for (let f: usize = 0; f < outPixel; f += 16) {
    const upper0 = v128.load(dy + f);
    const upper1 = v128.load(dy + f + outPixel);
    const lower0 = v128.load(dy + f + row);
    const lower1 = v128.load(dy + f + row + outPixel);
    const out = to + f;
    fourColumns(upper0, upper1, out, plane);
    fourColumns(f32x4.mul(half, f32x4.add(upper0, lower0)), f32x4.mul(half, f32x4.add(upper1, lower1)), out + 4 * plane, plane);
    fourColumns(f32x4.mul(half, f32x4.sub(upper0, lower0)), f32x4.mul(half, f32x4.sub(upper1, lower1)), out + 8 * plane, plane);
    fourColumns(lower0, lower1, out + 12 * plane, plane);
  }
}

/** A row of two, times Gᵀ. */
function fourColumns(first: v128, second: v128, to: usize, plane: usize): void {
  const half = f32x4.splat(0.5);
  v128.store(to, first);
  v128.store(to + plane, f32x4.mul(half, f32x4.add(first, second)));
  v128.store(to + 2 * plane, f32x4.mul(half, f32x4.sub(first, second)));
  v128.store(to + 3 * plane, second);
}

/** For each plane, adds [tiles, inputs]ᵀ × [tiles, outputs] to its sums. */
function addProducts(
  planes: usize,
  planeBytes: usize,
  gradientPlanes: usize,
  gradientPlaneBytes: usize,
  sums: usize,
  tiles: i32,
  pixel: usize,
  outPixel: usize,
): void {
  for (let k = 0; k < PLANES; k++) {
    for (let c: usize = 0; c < pixel; c += 16) {
      const x = planes + c;
      for (let f: usize = 0; f < outPixel; f += 32)
        fourRows(x, x + 4, x + 8, x + 12, gradientPlanes + f, sums + (c >> 2) * outPixel + f, 1, tiles, 0, pixel, outPixel);
    }
    planes += planeBytes;
    gradientPlanes += gradientPlaneBytes;
    sums += (pixel >> 2) * outPixel;
  }
}

/** dw [3, 3, inputs, outputs] = Aᵀ S A of the chunks' sums, in their order. A unit of work is an input channel. */
export function finishWinogradGradient(
  partial: usize,
  dw: usize,
  chunks: i32,
  inputs: i32,
  outputs: i32,
  frames: usize,
  counter: usize,
): void {
  const outPixel = (<usize>outputs) << 2;
  const plane = <usize>inputs * outPixel;
  for (let input = take(counter); input < inputs; input = take(counter)) {
    for (let f: usize = 0; f < outPixel; f += 16) {
      const at = <usize>input * outPixel + f;
      // Rows of Aᵀ S first, left in the place of the first chunk's sums.
      for (let column: usize = 0; column < 4; column++) {
        const own = partial + at + column * plane;
        const s0 = sumOfChunks(own, PLANES * plane, chunks);
        const s1 = sumOfChunks(own + 4 * plane, PLANES * plane, chunks);
        const s2 = sumOfChunks(own + 8 * plane, PLANES * plane, chunks);
        const s3 = sumOfChunks(own + 12 * plane, PLANES * plane, chunks);
        v128.store(own, f32x4.add(f32x4.add(s0, s1), s2));
        v128.store(own + 4 * plane, f32x4.sub(s1, s2));
        v128.store(own + 8 * plane, f32x4.sub(f32x4.add(s1, s2), s3));
      }
      for (let row: usize = 0; row < 3; row++) {
        const own = partial + at + 4 * row * plane;
        const r0 = v128.load(own);
        const r1 = v128.load(own + plane);
        const r2 = v128.load(own + 2 * plane);
        const r3 = v128.load(own + 3 * plane);
        const to = dw + at + 3 * row * plane;
        v128.store(to, f32x4.add(f32x4.add(r0, r1), r2));
        v128.store(to + plane, f32x4.sub(r1, r2));
        v128.store(to + 2 * plane, f32x4.sub(f32x4.add(r1, r2), r3));
      }
    }
  }
}

function sumOfChunks(from: usize, chunkBytes: usize, chunks: i32): v128 {
  let sum = v128.load(from);
  for (let chunk = 1; chunk < chunks; chunk++) {
    from += chunkBytes;
    sum = f32x4.add(sum, v128.load(from));
  }
  return sum;
}
