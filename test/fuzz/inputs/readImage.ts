import { join } from 'node:path';
import { checkImageFile } from '../../../src/data/images/checkImageFile';
import { decodeImage } from '../../../src/data/images/decodeImage';
import { viewImage } from '../../../src/data/images/viewImage';

/** What becomes of an image file on its way into a batch: looked at, decoded, and made a square in both ways. */
export function readImage(folder: string, file: string, input: Uint8Array): number {
  const path = join(folder, file);
  checkImageFile(folder, file);
  const image = decodeImage(input, path);
  const draws = Float64Array.from({ length: 23 }, (_, i) => (i * 0.37) % 1);
  const view = { size: 16, shorterSide: 18 };
  return viewImage(image, view, null).length + viewImage(image, view, draws).length;
}
