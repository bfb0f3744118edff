import type { Raster } from './resample';

/**
 * Turns and mirrors an image as EXIF's orientation says (1: as it is; 2 mirrored; 3 turned by 180°; 4 upside down; 5 to 8 with rows
 * and columns exchanged; 6 is a camera held upright).
 */
export function orient(image: Raster<Uint8Array>, orientation: number): Raster<Uint8Array> {
  if (orientation === 1) return image;
  const { width, height, channels, pixels } = image;
  const exchanged = orientation >= 5;
  const [wide, high] = exchanged ? [height, width] : [width, height];
  const flipX = [2, 3, 7, 8].includes(orientation);
  const flipY = [3, 4, 6, 7].includes(orientation);
  const turned = new Uint8Array(pixels.length);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const [u, v] = exchanged ? [y, x] : [x, y];
      const fromX = flipX ? width - 1 - u : u;
      const fromY = flipY ? height - 1 - v : v;
      const from = (fromY * width + fromX) * channels;
      turned.set(pixels.subarray(from, from + channels), (y * wide + x) * channels);
    }
  }
  return { width: wide, height: high, channels, pixels: turned };
}
