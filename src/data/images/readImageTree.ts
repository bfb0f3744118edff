import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { classOrder } from '../../learning/classOrder';
import { dataError } from '../../protocol/errors';
import type { ImagesDescription } from '../../protocol/dataSets/description';
import type { DataSetReader, LabelledImages } from '../dataSet';
import { fileStatistics, readSample } from '../statistics';
import type { FileStamp } from '../fileStamp';
import { checkImageFile } from './checkImageFile';
import { ImageFiles } from './imageFiles';
import { listImageTree, type TreeFile } from './imageTree';
import type { View } from './viewImage';

const DEFAULT_SIZE = 224;
/** Up to this size images are treated as CIFAR's are, above it as ImageNet's. */
const LARGEST_SMALL = 64;
/** 224 is cut from images whose shorter side is 256. */
const MARGIN = 256 / 224;

/**
 * Reads a folder of images. What can be told without decoding all of them is checked of every file: its kind, and that it isn't
 * cut short. Up to a thousand of each part are decoded, of small folders all.
 */
export const readImageTree: DataSetReader<ImagesDescription> = async (folder, { subset, statistics }, { imageSize = DEFAULT_SIZE }) => {
  const tree = listImageTree(folder, (names) => (subset ? chosenClasses(names, subset, folder) : names));
  const small = imageSize <= LARGEST_SMALL;
  const view: View = { size: imageSize, shorterSide: small ? imageSize : Math.round(imageSize * MARGIN) };
  const listing = createHash('sha256');
  const stamps = new Map<string, FileStamp>();
  for (const { path } of [...tree.train, ...tree.test]) {
    const checked = checkImageFile(folder, path);
    listing.update(checked.listing);
    stamps.set(join(folder, path), checked.stamp);
  }
  const images = (files: readonly TreeFile[]) =>
    new ImageFiles(
      files.map(({ path }) => join(folder, path)),
      view,
      stamps,
    );
  const part = (files: readonly TreeFile[]): LabelledImages => ({
    images: images(files),
    labels: Uint16Array.from(files, ({ label }) => label),
  });
  const computed = await fileStatistics(images(tree.train));
  await readSample(images(tree.test), () => undefined);
  return {
    classNames: tree.classNames,
    height: imageSize,
    width: imageSize,
    channels: 3,
    practice: small ? 'padded-crop' : 'resized-crop',
    ...(statistics ?? computed),
    train: part(tree.train),
    test: part(tree.test),
    sums: [listing.digest('hex')],
  };
};

/** The classes of the literature's subset, in the order of their names; all of a folder that has them alone. */
export function chosenClasses(
  names: readonly string[],
  { classes, of, seed }: NonNullable<ImagesDescription['subset']>,
  folder: string,
): readonly string[] {
  if (names.length === classes) return names;
  if (names.length !== of)
    throw dataError(
      `${folder} has ${names.length} class folders, expected the ${of} of ImageNet or the ${classes} of the subset; name the complete folder in dataPath.`,
    );
  const chosen = new Set<number>(classOrder(of, seed).slice(0, classes));
  return names.filter((_, i) => chosen.has(i));
}
