import { resample, type Raster } from './resample';
import { resizedCrop } from './resizedCrop';

/** How images of a folder become squares of one size. */
export interface View {
  /** Side of the square, in pixels. */
  readonly size: number;
  /** What the shorter side is brought to before the square is cut from the middle: 256 for 224, as is usual with ImageNet. */
  readonly shorterSide: number;
}

/**
 * An image as a square: the middle of it, or the random part that drawn numbers name.
 * @returns [size, size, channels], 0 … 255, rounded
 */
export function viewImage(image: Raster, { size, shorterSide }: View, crop: Float64Array | null): Uint8Array<ArrayBuffer> {
  const square = crop ? resizedCrop(image, crop, size, size) : middle(image, size, shorterSide);
  return Uint8Array.from(square, (value) => Math.min(255, Math.max(0, Math.round(value))));
}

function middle(image: Raster, size: number, shorterSide: number): Float32Array {
  const { width, height } = image;
  const scale = shorterSide / Math.min(width, height);
  // As torchvision rounds: the longer side down, the place of the square to the nearest pixel.
  const wide = width <= height ? shorterSide : Math.trunc((shorterSide * width) / height);
  const high = height <= width ? shorterSide : Math.trunc((shorterSide * height) / width);
  const left = Math.round((wide - size) / 2);
  const top = Math.round((high - size) / 2);
  if (scale === 1 && wide === width && high === height && left === 0 && top === 0 && width === size && height === size)
    return Float32Array.from(image.pixels);
  const perColumn = width / wide;
  const perRow = height / high;
  const box = { left: left * perColumn, top: top * perRow, width: size * perColumn, height: size * perRow };
  return resample(image, { left: 0, top: 0, width, height }, box, size, size);
}
