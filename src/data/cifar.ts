import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataError } from '../protocol/errors';
import type { DataSetReader, LabelledImages } from './dataSet';
import { sha256 } from './fingerprint';
import { readDataFile, type DataFile } from './readDataFile';

const SIZE = 32;
const CHANNELS = 3;
const PIXELS = SIZE * SIZE;
const CLASSES = 100;
/** Coarse label and fine label. */
const LABEL_BYTES = 2;
const RECORD_BYTES = LABEL_BYTES + CHANNELS * PIXELS;

/** CIFAR-100 (Krizhevsky 2009) in its binary version, 32 × 32 colour; the fine labels are the classes. */
export const cifar100: DataSetReader = {
  title: 'CIFAR-100, small photographs',
  classes: CLASSES,
  files: ['train.bin', 'test.bin', 'fine_label_names.txt'],
  builtIn: false,
  async read(folder) {
    if (folder === null)
      throw dataError(
        'cifar100 is not built in: download the binary version of CIFAR-100 (cifar-100-binary.tar.gz), unpack it and name its folder in dataPath.',
      );
    const [train, test, classNames] = await Promise.all([
      readDataFile(folder, ['train.bin']),
      readDataFile(folder, ['test.bin']),
      readClassNames(folder),
    ]);
    return {
      name: 'cifar100',
      classNames,
      height: SIZE,
      width: SIZE,
      channels: CHANNELS,
      mean: [0.5071, 0.4866, 0.4409],
      std: [0.2009, 0.1984, 0.2023],
      train: parseRecords(train),
      test: parseRecords(test),
      sums: [sha256(train.bytes), sha256(test.bytes)],
    };
  },
};

/**
 * Parses records of coarse label, fine label, and the red, green and blue planes of an image.
 * @returns images [n, 32, 32, 3] and fine labels
 * @throws LabError `data-invalid` where the length is no multiple of a record or a label is out of range.
 */
export function parseRecords({ path, bytes }: DataFile): LabelledImages {
  const count = bytes.byteLength / RECORD_BYTES;
  if (count === 0 || !Number.isInteger(count)) {
    throw dataError(
      `${path} is not a CIFAR-100 binary file: expected a multiple of ${RECORD_BYTES} bytes, found ${bytes.byteLength}; download it again, in its binary version.`,
    );
  }
  const images = new Uint8Array(count * PIXELS * CHANNELS);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const record = i * RECORD_BYTES;
    const label = bytes[record + 1]!;
    if (label >= CLASSES)
      throw dataError(
        `${path} has the label ${label} in record ${i}, expected 0 to ${CLASSES - 1}; download it again, in its binary version.`,
      );
    labels[i] = label;
    const image = i * PIXELS * CHANNELS;
    for (let channel = 0; channel < CHANNELS; channel++) {
      const plane = record + LABEL_BYTES + channel * PIXELS;
      for (let pixel = 0; pixel < PIXELS; pixel++) images[image + pixel * CHANNELS + channel] = bytes[plane + pixel]!;
    }
  }
  return { images, labels };
}

/** The names that come with the data set; without that file, numbers. */
async function readClassNames(folder: string): Promise<string[]> {
  const path = join(folder, 'fine_label_names.txt');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw dataError(`${path} can't be read (${error.code ?? error.message}); make it readable or remove it.`, { cause: error });
  });
  if (text === null) return Array.from({ length: CLASSES }, (_, label) => `class ${label}`);
  const names = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (names.length !== CLASSES) throw dataError(`${path} has ${names.length} names, expected ${CLASSES}; download it again or remove it.`);
  return names;
}
