import { frame } from './images';
import { multiplyAdd, take } from './simd';

/**
 * The gradient of a convolution's filter, dw[r, f] = Σ over images and outputs p of x[p + offset of r] · dy[p, f], where a row r is one
 * input channel of one tap. A unit of work is a chunk of images; the chunks' sums are added up by {@link addChunks}, in an
 * order that doesn't depend on who made them. Within a chunk each tile of output rows is summed by itself: short sums keep
 * rounding small, and a tile stays in the first cache.
 * @param x [n, height, width, inputs]
 * @param dy [n, outRows, outWidth, outputs]
 * @param partial room for each chunk's [rows, blocks of 8 outputs]
 * @param rowOffsets i32, bytes in a framed image, a multiple of four of them
 * @param tileRows output rows of a tile
 * @param frames room of this thread for a framed image and, where outputs are no multiple of eight, for its padded dy
 */
export function filterGradient(
  x: usize,
  dy: usize,
  partial: usize,
  rowOffsets: usize,
  rows: i32,
  n: i32,
  chunks: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outputs: i32,
  outRows: i32,
  outWidth: i32,
  strideRows: i32,
  strideColumns: i32,
  top: i32,
  left: i32,
  paddedHeight: i32,
  paddedWidth: i32,
  tileRows: i32,
  frames: usize,
  counter: usize,
): void {
  const rowBytes = (<usize>(width * inputs)) << 2;
  const paddedRowBytes = (<usize>(paddedWidth * inputs)) << 2;
  const framed = paddedHeight != height || paddedWidth != width;
  const outputsUp = (outputs + 7) & ~7;
  const padsDy = outputsUp != outputs;
  const dyPixels = outRows * outWidth;
  const dyFrames = framed ? frames + <usize>paddedHeight * paddedRowBytes : frames;
  const partialBytes = (<usize>(rows * outputsUp)) << 2;
  const dyPixelBytes = (<usize>outputsUp) << 2;

  for (let unit = take(counter); unit < chunks; unit = take(counter)) {
    const sums = partial + <usize>unit * partialBytes;
    memory.fill(sums, 0, partialBytes);
    const end = (n * (unit + 1)) / chunks;
    for (let image = (n * unit) / chunks; image < end; image++) {
      let from = x + <usize>image * <usize>height * rowBytes;
      if (framed) {
        frame(from, frames, 1, height, rowBytes, top, (<usize>(left * inputs)) << 2, paddedHeight, paddedRowBytes);
        from = frames;
      }
      let gradient = dy + ((<usize>(image * dyPixels * outputs)) << 2);
      if (padsDy) {
        frame(gradient, dyFrames, 1, dyPixels, (<usize>outputs) << 2, 0, 0, dyPixels, dyPixelBytes);
        gradient = dyFrames;
      }
      for (let row = 0; row < outRows; row += tileRows) {
        addTile(
          from + <usize>(row * strideRows) * paddedRowBytes,
          gradient + <usize>(row * outWidth) * dyPixelBytes,
          sums,
          rowOffsets,
          rows,
          min(tileRows, outRows - row),
          outWidth,
          <usize>strideRows * paddedRowBytes,
          (<usize>(strideColumns * inputs)) << 2,
          outputsUp,
        );
      }
    }
  }
}

function addTile(
  x: usize,
  dy: usize,
  sums: usize,
  rowOffsets: usize,
  rows: i32,
  outRows: i32,
  outWidth: i32,
  xRowBytes: usize,
  xPixelBytes: usize,
  outputs: i32,
): void {
  const dyPixelBytes = (<usize>outputs) << 2;
  for (let r = 0; r < rows; r += 4) {
    const offsets = rowOffsets + ((<usize>r) << 2);
    for (let block = 0; block < outputs; block += 8) {
      fourRows(
        x + <usize>load<u32>(offsets),
        x + <usize>load<u32>(offsets, 4),
        x + <usize>load<u32>(offsets, 8),
        x + <usize>load<u32>(offsets, 12),
        dy + ((<usize>block) << 2),
        sums + ((<usize>(r * outputs + block)) << 2),
        outRows,
        outWidth,
        xRowBytes,
        xPixelBytes,
        dyPixelBytes,
      );
    }
  }
}

/** Four rows by eight outputs over the outputs of a tile. */
export function fourRows(
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  dy: usize,
  sums: usize,
  outRows: i32,
  outWidth: i32,
  xRowBytes: usize,
  xPixelBytes: usize,
  dyPixelBytes: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  let start: usize = 0;
  const length = <usize>outWidth * xPixelBytes;
  for (let row = 0; row < outRows; row++) {
    const end = start + length;
    for (let o = start; o < end; o += xPixelBytes) {
      const low = v128.load(dy);
      const high = v128.load(dy, 16);
      dy += dyPixelBytes;
      const s0 = v128.load32_splat(x0 + o);
      a0 = multiplyAdd(s0, low, a0);
      b0 = multiplyAdd(s0, high, b0);
      const s1 = v128.load32_splat(x1 + o);
      a1 = multiplyAdd(s1, low, a1);
      b1 = multiplyAdd(s1, high, b1);
      const s2 = v128.load32_splat(x2 + o);
      a2 = multiplyAdd(s2, low, a2);
      b2 = multiplyAdd(s2, high, b2);
      const s3 = v128.load32_splat(x3 + o);
      a3 = multiplyAdd(s3, low, a3);
      b3 = multiplyAdd(s3, high, b3);
    }
    start += xRowBytes;
  }
  add(sums, a0, b0);
  add(sums + dyPixelBytes, a1, b1);
  add(sums + 2 * dyPixelBytes, a2, b2);
  add(sums + 3 * dyPixelBytes, a3, b3);
}

function add(to: usize, low: v128, high: v128): void {
  v128.store(to, f32x4.add(v128.load(to), low));
  v128.store(to, f32x4.add(v128.load(to, 16), high), 16);
}

/** dw [rows, outputs] from the chunks' sums. */
export function addChunks(partial: usize, dw: usize, rows: i32, paddedRows: i32, chunks: i32, outputs: i32): void {
  const outputsUp = (outputs + 7) & ~7;
  const chunkBytes = (<usize>(paddedRows * outputsUp)) << 2;
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let from = partial + ((<usize>(row * outputsUp + output)) << 2);
      let sum: f32 = 0;
      for (let chunk = 0; chunk < chunks; chunk++) {
        sum += load<f32>(from);
        from += chunkBytes;
      }
      store<f32>(dw, sum);
      dw += 4;
    }
  }
}
