import type { RandomNumbers } from './randomNumbers';
import type { Config } from '../protocol/config';
import type { Statistics } from '../protocol/dataSets/description';
import { drawCrop, resizedCrop } from './images/resizedCrop';

/**
 * What the field does with images of a size: small ones are padded by 4 pixels and cropped at their own size (CIFAR); of large ones
 * a random part is brought to the size (ImageNet, Szegedy et al. 2015).
 */
export type AugmentationPractice = 'padded-crop' | 'resized-crop';

interface Geometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly practice: AugmentationPractice;
  /** The normalised value of a black pixel, by channel: what padding is. */
  readonly black: readonly number[];
}

const PADDING = 4;

/** The random change of one image, drawn before its pixels are there. */
export interface Change {
  /** Changes a normalised image, [H, W, C], in place. */
  apply(images: Float32Array, offset: number): void;
  /** Numbers of a resized crop, which who decodes an image takes from the original itself, in place of `apply`. */
  readonly crop?: Float64Array;
}

/** Draws the change of the next image of a batch. Images draw in the batch's order, so that reading them may take any order. */
export type Augmentation = (random: RandomNumbers) => Change | null;

/** The augmentation that a config asks for, as the field does it for images of this size. */
export function augmentation(kind: Config['augmentation'], geometry: Geometry): Augmentation {
  if (kind === 'none') return () => null;
  const flips = kind === 'crop-flip';
  return geometry.practice === 'padded-crop' ? paddedCrop(flips, geometry) : randomResizedCrop(flips, geometry);
}

function paddedCrop(flips: boolean, { height, width, channels, black }: Geometry): Augmentation {
  const source = new Float32Array(height * width * channels);
  return (random) => {
    const down = random.integer(2 * PADDING + 1) - PADDING;
    const right = random.integer(2 * PADDING + 1) - PADDING;
    const flipped = flips && random.integer(2) === 1;
    return {
      apply(images, offset) {
        source.set(images.subarray(offset, offset + source.length));
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
      },
    };
  };
}

/** On exemplars, which are floats of the final size, the same crop is taken from the image as it is stored. */
function randomResizedCrop(flips: boolean, { height, width, channels }: Geometry): Augmentation {
  const length = height * width * channels;
  return (random) => {
    const crop = drawCrop(random, flips);
    return {
      crop,
      apply(images, offset) {
        const pixels = images.slice(offset, offset + length);
        images.set(resizedCrop({ width, height, channels, pixels }, crop, width, height), offset);
      },
    };
  };
}

/** What normalising makes of a brightness in [0, 1], by channel. */
export const normalised = ({ mean, std }: Statistics, brightness: number): number[] => mean.map((m, c) => (brightness - m) / (std[c] ?? 1));

/** The normalised value of black, by channel. */
export const blackOf = (statistics: Statistics): number[] => normalised(statistics, 0);
