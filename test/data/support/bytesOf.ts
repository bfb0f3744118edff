import type { LabelledImages } from '../../../src/data/dataSet';
import { ImageRecords } from '../../../src/data/imageRecords';

/** The bytes of all images of a part that aren't files of their own. */
export function bytesOf({ images, labels }: LabelledImages): Uint8Array {
  if (images instanceof Uint8Array) return images;
  if (!(images instanceof ImageRecords)) throw new Error('These images are files');
  return Buffer.concat(Array.from(labels, (_, i) => images.read(i).slice()));
}
