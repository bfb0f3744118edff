import { dataError } from '../protocol/errors';
import type { IdxDescription } from '../protocol/dataSets/description';
import { builtInFolder } from './builtIn';
import type { DataSetReader, LabelledImages } from './dataSet';
import { sha256 } from './fingerprint';
import { parseIdx } from './idx';
import { readDataFile, type DataFile } from './readDataFile';
import { setFiles } from './setFiles';
import { byteStatistics } from './statistics';

/** Reads the four files of MNIST or of a set of its form, as they are or packed with gzip. */
export const readIdx: DataSetReader<IdxDescription> = async (folder, description) => {
  const specs = setFiles(description);
  const files = await Promise.all(specs.map(({ names }) => readDataFile(folder, names)));
  const sums = files.map(({ bytes }) => sha256(bytes));
  // Another set of the same form is welcome in a folder, but what is called built in must be the original.
  if (folder === builtInFolder(description)) assertOriginal(files, sums, description);
  const [trainImages, trainLabels, testImages, testLabels] = files as [DataFile, DataFile, DataFile, DataFile];
  const train = labelled(trainImages, trainLabels);
  const test = labelled(testImages, testLabels);
  const { size } = description;
  if (size !== null && (train.height !== size || train.width !== size))
    throw dataError(
      `${trainImages.path} has images of ${train.height} × ${train.width} pixels, expected ${size} × ${size}; use the right files, or the data set "idx" for images of any size.`,
    );
  if (train.height !== test.height || train.width !== test.width)
    throw dataError(
      `${testImages.path} has images of ${test.height} × ${test.width} pixels, those of ${trainImages.path} have ${train.height} × ${train.width}; use files that belong together.`,
    );
  const classNames =
    description.classNames ?? Array.from({ length: 1 + train.labels.reduce((a, b) => Math.max(a, b), 0) }, (_, i) => String(i));
  assertLabels(train.labels, trainLabels.path, classNames.length);
  assertLabels(test.labels, testLabels.path, classNames.length);
  return {
    classNames,
    height: train.height,
    width: train.width,
    channels: 1,
    practice: 'padded-crop',
    ...(description.statistics ?? byteStatistics(train.images, 1)),
    train,
    test,
    sums,
  };
};

interface GreyImages extends LabelledImages {
  readonly images: Uint8Array;
  readonly height: number;
  readonly width: number;
}

function labelled(imageFile: DataFile, labelFile: DataFile): GreyImages {
  const images = parseIdx(imageFile, 3);
  const labels = parseIdx(labelFile, 1);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (labels.data.length !== count)
    throw dataError(
      `${labelFile.path} has ${labels.data.length} labels for the ${count} images of ${imageFile.path}; use files that belong together.`,
    );
  return { images: images.data, labels: Uint16Array.from(labels.data), height, width };
}

function assertLabels(labels: Uint16Array, path: string, classes: number): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) throw dataError(`${path} has the label ${labels[wrong]} at image ${wrong}, expected 0 to ${classes - 1}; get it again.`);
}

function assertOriginal(
  files: readonly DataFile[],
  sums: readonly string[],
  { title, sha256: originals = [] }: { title: string; sha256?: readonly string[] },
): void {
  const changed = originals.findIndex((sum, i) => sums[i] !== sum);
  if (changed >= 0)
    throw dataError(
      `${files[changed]?.path} is not the original file of ${title}: expected sha256 ${originals[changed]}, found ${sums[changed]}; install Mnemonics Lab again.`,
    );
}
