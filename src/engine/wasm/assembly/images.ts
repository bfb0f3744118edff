import { take } from './simd';

/**
 * Copies images [count, height, rowBytes] into a larger frame of zeros.
 * @param to [count, paddedHeight, paddedRowBytes]
 * @param left bytes of zeros before a row
 */
export function frame(
  from: usize,
  to: usize,
  count: i32,
  height: i32,
  rowBytes: usize,
  top: i32,
  left: usize,
  paddedHeight: i32,
  paddedRowBytes: usize,
): void {
  memory.fill(to, 0, <usize>(count * paddedHeight) * paddedRowBytes);
  for (let image = 0; image < count; image++) {
    let row = to + <usize>(image * paddedHeight + top) * paddedRowBytes + left;
    for (let i = 0; i < height; i++) {
      memory.copy(row, from, rowBytes);
      row += paddedRowBytes;
      from += rowBytes;
    }
  }
}

/** Repeats the channels [n, channels] of each image at all of its pixels, [n, pixels, channels]. */
export function repeatPixels(x: usize, y: usize, n: i32, pixels: i32, channels: i32, frames: usize, counter: usize): void {
  const row = (<usize>channels) << 2;
  for (let image = take(counter); image < n; image = take(counter)) {
    const from = x + <usize>image * row;
    const to = y + <usize>(image * pixels) * row;
    for (let p = 0; p < pixels; p++) memory.copy(to + <usize>p * row, from, row);
  }
}
