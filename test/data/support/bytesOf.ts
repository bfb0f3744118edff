import type { LabelledImages } from '../../../src/data/dataSet';

/** The bytes of a part that is in memory. */
export function bytesOf({ images }: Pick<LabelledImages, 'images'>): Uint8Array {
  if (!(images instanceof Uint8Array)) throw new Error('These images are files');
  return images;
}
