import type { Change } from './augmentation';
import type { Statistics } from '../protocol/dataSets/description';
import type { Images } from './dataSet';
import { ImageRecords } from './imageRecords';
import type { ImageFiles } from './images/imageFiles';

/** Images that can be written, normalised, into a batch. */
export interface ImageSource {
  readonly count: number;
  /** True where images are decoded from files when they are asked for: then reading ahead is worth it, and `write` gives a promise. */
  readonly decodes: boolean;
  /**
   * Writes image `i`, [H, W, C] float32 normalised, at `offset` of `target`, changed as drawn.
   * @returns a promise where the image has to be decoded first; nothing where it is written
   */
  write(i: number, target: Float32Array, offset: number, change?: Change | null): Promise<void> | void;
}

/** Chosen images of a data set by their numbers, normalised channel by channel: (value / 255 − mean) / std. */
export function storedImages(images: Images, size: number, chosen: ArrayLike<number>, statistics: Statistics): ImageSource {
  const normalise = normaliser(statistics);
  if (images instanceof Uint8Array) return byteImages(images, size, chosen, normalise);
  return images instanceof ImageRecords ? recordImages(images, chosen, normalise) : fileImages(images, chosen, normalise);
}

/** Writes bytes from `start` on, normalised, at `offset` of `target`. */
type Normalise = (bytes: Uint8Array, start: number, size: number, target: Float32Array, offset: number) => void;

function normaliser({ mean, std }: Statistics): Normalise {
  const channels = mean.length;
  // One division a value and channel, not one a pixel.
  const table = mean.map((m, c) => Float32Array.from({ length: 256 }, (_, value) => (value / 255 - m) / (std[c] ?? 1)));
  return (bytes, start, size, target, offset) => {
    for (let c = 0; c < channels; c++) {
      const lookup = table[c] as Float32Array;
      for (let p = c; p < size; p += channels) target[offset + p] = lookup[bytes[start + p] as number] as number;
    }
  };
}

function byteImages(bytes: Uint8Array, size: number, chosen: ArrayLike<number>, normalise: Normalise): ImageSource {
  return {
    count: chosen.length,
    decodes: false,
    write(i, target, offset, change) {
      normalise(bytes, (chosen[i] ?? 0) * size, size, target, offset);
      change?.apply(target, offset);
    },
  };
}

function recordImages(records: ImageRecords, chosen: ArrayLike<number>, normalise: Normalise): ImageSource {
  return {
    count: chosen.length,
    decodes: false,
    write(i, target, offset, change) {
      const pixels = records.read(chosen[i] ?? 0);
      normalise(pixels, 0, pixels.length, target, offset);
      change?.apply(target, offset);
    },
  };
}

function fileImages(files: ImageFiles, chosen: ArrayLike<number>, normalise: Normalise): ImageSource {
  return {
    count: chosen.length,
    decodes: true,
    async write(i, target, offset, change) {
      const pixels = await files.read(chosen[i] ?? 0, change?.crop ?? null);
      normalise(pixels, 0, pixels.length, target, offset);
      if (!change?.crop) change?.apply(target, offset);
    },
  };
}

/** Images that are normalised floats already, [count, H, W, C], such as exemplars. */
export function floatImages(pixels: Float32Array, size: number): ImageSource {
  return {
    count: pixels.length / size,
    decodes: false,
    write(i, target, offset, change) {
      target.set(pixels.subarray(i * size, (i + 1) * size), offset);
      change?.apply(target, offset);
    },
  };
}

/** Several sources one after the other. */
export function joined(...sources: readonly ImageSource[]): ImageSource {
  return {
    count: sources.reduce((total, source) => total + source.count, 0),
    decodes: sources.some(({ decodes }) => decodes),
    write(i, target, offset, change) {
      let left = i;
      for (const source of sources) {
        if (left < source.count) return source.write(left, target, offset, change);
        left -= source.count;
      }
      throw new Error(`No image ${i}`);
    },
  };
}
