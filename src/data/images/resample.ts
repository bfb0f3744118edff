/** Pixels of an image, [height, width, channels]. */
export interface Raster<P extends ArrayLike<number> = ArrayLike<number>> {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: P;
}

/** A part of an image, in pixels; `region` may lie between pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Brings a part of an image to a size, with the triangle filter that widens where the image shrinks: bilinear with antialiasing,
 * as Pillow's `resize` and torchvision's `Resize(antialias=True)` do it, without their rounding between the two directions.
 * @param inside whole pixels that may be looked at
 * @param box what becomes the result, in the coordinates of `inside`
 * @returns [height, width, channels]
 */
export function resample(source: Raster, inside: Box, box: Box, width: number, height: number): Float32Array {
  const { channels, pixels } = source;
  const columns = weights(inside.width, box.left, box.width, width);
  const rows = weights(inside.height, box.top, box.height, height);
  const firstRow = Math.min(...rows.map(({ from }) => from));
  const lastRow = Math.max(...rows.map(({ from, values }) => from + values.length));
  const stretched = new Float32Array((lastRow - firstRow) * width * channels);
  for (let y = firstRow; y < lastRow; y++) {
    const row = ((inside.top + y) * source.width + inside.left) * channels;
    for (let x = 0; x < width; x++) {
      const { from, values } = columns[x] as Weights;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < values.length; k++) sum += (values[k] as number) * (pixels[row + (from + k) * channels + c] as number);
        stretched[((y - firstRow) * width + x) * channels + c] = sum;
      }
    }
  }
  const stride = width * channels;
  const result = new Float32Array(height * stride);
  for (let y = 0; y < height; y++) {
    const { from, values } = rows[y] as Weights;
    for (let k = 0; k < values.length; k++) {
      const weight = values[k] as number;
      const row = (from - firstRow + k) * stride;
      for (let i = 0; i < stride; i++)
        result[y * stride + i] = (result[y * stride + i] as number) + weight * (stretched[row + i] as number);
    }
  }
  return result;
}

/** The pixels that one pixel of the result is made of. */
interface Weights {
  readonly from: number;
  readonly values: Float64Array;
}

function weights(available: number, start: number, length: number, count: number): Weights[] {
  const scale = length / count;
  const support = Math.max(scale, 1);
  return Array.from({ length: count }, (_, i) => {
    const centre = start + (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(available, Math.trunc(centre + support + 0.5));
    const values = Float64Array.from({ length: to - from }, (_, k) => Math.max(0, 1 - Math.abs((from + k - centre + 0.5) / support)));
    const total = values.reduce((a, b) => a + b, 0);
    return { from, values: values.map((value) => value / total) };
  });
}
