import type { Config } from '../protocol/config';

/** Source of whole numbers in 0 … below − 1: a named random stream. */
export interface RandomIntegers {
  integer(below: number): number;
}

interface Geometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The normalised value of a black pixel, by channel: what padding is. */
  readonly black: readonly number[];
}

const PADDING = 4;

/** Changes one normalised image in place. */
export type Augmentation = (images: Float32Array, offset: number, random: RandomIntegers) => void;

/** Random crop after 4 pixels of padding and, where asked, a random horizontal flip: the field's standard. */
export function augmentation(kind: Config['augmentation'], geometry: Geometry): Augmentation {
  const { height, width, channels, black } = geometry;
  const source = new Float32Array(height * width * channels);
  if (kind === 'none') return () => undefined;
  return (images, offset, random) => {
    source.set(images.subarray(offset, offset + source.length));
    const down = random.integer(2 * PADDING + 1) - PADDING;
    const right = random.integer(2 * PADDING + 1) - PADDING;
    const flipped = kind === 'crop-flip' && random.integer(2) === 1;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const fromY = y + down;
        const fromX = (flipped ? width - 1 - x : x) + right;
        const inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
        for (let c = 0; c < channels; c++) {
          images[offset + (y * width + x) * channels + c] = inside
            ? (source[(fromY * width + fromX) * channels + c] ?? 0)
            : (black[c] ?? 0);
        }
      }
    }
  };
}

/** The normalised value of black, by channel. */
export const blackOf = ({ mean, std }: { readonly mean: readonly number[]; readonly std: readonly number[] }): number[] =>
  mean.map((m, c) => -m / (std[c] ?? 1));
