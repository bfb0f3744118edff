import type { Statistics } from '../protocol/dataSets/description';
import type { ImageFiles } from './images/imageFiles';

/** So many images of a folder are looked at for its statistics, evenly over all of them. */
const SAMPLE = 1000;
/** So many of them are in memory together. */
const AT_ONCE = 50;

/** Mean and standard deviation of each channel. The sums are of whole numbers and exact, so their order doesn't matter. */
class ChannelSums {
  private readonly sum: number[];
  private readonly squares: number[];
  private count = 0;

  constructor(private readonly channels: number) {
    this.sum = new Array<number>(channels).fill(0);
    this.squares = new Array<number>(channels).fill(0);
  }

  add(pixels: Uint8Array): void {
    for (let c = 0; c < this.channels; c++) {
      let [sum, squares] = [0, 0];
      for (let p = c; p < pixels.length; p += this.channels) {
        const value = pixels[p] as number;
        sum += value;
        squares += value * value;
      }
      this.sum[c] = (this.sum[c] ?? 0) + sum;
      this.squares[c] = (this.squares[c] ?? 0) + squares;
    }
    this.count += pixels.length / this.channels;
  }

  /** Rounded to four decimals, as published figures are; a channel that is the same everywhere isn't scaled. */
  statistics(): Statistics {
    const rounded = (value: number) => Math.round(1e4 * value) / 1e4;
    const mean = this.sum.map((sum) => sum / this.count);
    const std = this.squares.map((squares, c) => Math.sqrt(Math.max(0, squares / this.count - (mean[c] ?? 0) ** 2)));
    return { mean: mean.map((m) => rounded(m / 255)), std: std.map((s) => rounded(s / 255) || 1) };
  }
}

/** Statistics of all training images of a set in memory, [n, H, W, C]. */
export function byteStatistics(images: Uint8Array, channels: number): Statistics {
  const sums = new ChannelSums(channels);
  sums.add(images);
  return sums.statistics();
}

/** Statistics of up to a thousand training images, as evaluation sees them, evenly over the folder in its order. */
export async function fileStatistics(images: ImageFiles): Promise<Statistics> {
  const sums = new ChannelSums(3);
  await readSample(images, (pixels) => sums.add(pixels));
  return sums.statistics();
}

/**
 * Decodes up to a thousand images, evenly over the folder in its order: of a small folder all.
 * @throws LabError `data-invalid` naming one that can't be decoded.
 */
export async function readSample(images: ImageFiles, take: (pixels: Uint8Array) => void): Promise<void> {
  const total = images.paths.length;
  const count = Math.min(SAMPLE, total);
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, k) => Math.floor(((from + k) * total) / count));
    for (const pixels of await Promise.all(some.map((i) => images.read(i)))) take(pixels);
  }
}
