import { join } from 'node:path';
import { dataError } from '../protocol/errors';
import type { CifarDescription } from '../protocol/dataSets/description';
import { readText, SMALL_FILE } from '../store/readText';
import type { DataSetReader, LabelledImages } from './dataSet';
import { sha256 } from './fingerprint';
import { readDataFile, type DataFile } from './readDataFile';
import { byteStatistics } from './statistics';

const SIZE = 32;
const CHANNELS = 3;
const PIXELS = SIZE * SIZE;

type Records = Pick<CifarDescription, 'classes' | 'labelBytes' | 'archive'>;

/** Reads CIFAR-10 or CIFAR-100 in its binary version, 32 × 32 colour. */
export const readCifar: DataSetReader<CifarDescription> = async (folder, description) => {
  const read = (name: string) => readDataFile(folder, [name]);
  const [train, test, classNames] = await Promise.all([
    Promise.all(description.train.map(read)),
    read(description.test),
    readClassNames(folder, description),
  ]);
  const training = parseRecords(train, description);
  return {
    classNames,
    height: SIZE,
    width: SIZE,
    channels: CHANNELS,
    practice: 'padded-crop',
    ...(description.statistics ?? byteStatistics(training.images, CHANNELS)),
    train: training,
    test: parseRecords([test], description),
    sums: [...train, test].map(({ bytes }) => sha256(bytes)),
  };
};

/**
 * Parses records of label bytes and the red, green and blue planes of an image; files follow each other.
 * @returns images [n, 32, 32, 3] and labels, the last label byte of each record
 * @throws LabError `data-invalid` where a length is no multiple of a record or a label is out of range.
 */
export function parseRecords(files: readonly DataFile[], records: Records): LabelledImages & { readonly images: Uint8Array } {
  const recordBytes = records.labelBytes + CHANNELS * PIXELS;
  const counts = files.map((file) => recordsOf(file, recordBytes, records));
  const total = counts.reduce((a, b) => a + b, 0);
  const images = new Uint8Array(total * PIXELS * CHANNELS);
  const labels = new Uint16Array(total);
  let at = 0;
  files.forEach(({ path, bytes }, f) => {
    for (let i = 0; i < (counts[f] ?? 0); i++, at++) {
      const planes = i * recordBytes + records.labelBytes;
      const label = bytes[planes - 1]!;
      if (label >= records.classes)
        throw dataError(
          `${path} has the label ${label} in record ${i}, expected 0 to ${records.classes - 1}; get it again, from ${records.archive.name}.`,
        );
      labels[at] = label;
      const image = at * PIXELS * CHANNELS;
      for (let channel = 0; channel < CHANNELS; channel++) {
        const plane = planes + channel * PIXELS;
        for (let pixel = 0; pixel < PIXELS; pixel++) images[image + pixel * CHANNELS + channel] = bytes[plane + pixel]!;
      }
    }
  });
  return { images, labels };
}

function recordsOf({ path, bytes }: DataFile, recordBytes: number, { classes, archive }: Records): number {
  const count = bytes.byteLength / recordBytes;
  if (count > 0 && Number.isInteger(count)) return count;
  throw dataError(
    `${path} is not a binary file of CIFAR-${classes}: expected a multiple of ${recordBytes} bytes, found ${bytes.byteLength}; get it again, from ${archive.name}.`,
  );
}

/** The names that come with the data set; without that file, numbers. */
async function readClassNames(folder: string, { names: file, classes }: CifarDescription): Promise<string[]> {
  const path = join(folder, file);
  const text = await readText(path, SMALL_FILE).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw dataError(`${path} can't be read (${error.code ?? error.message}); make it readable or remove it.`, { cause: error });
  });
  if (text === null) return Array.from({ length: classes }, (_, label) => `class ${label}`);
  const names = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (names.length !== classes) throw dataError(`${path} has ${names.length} names, expected ${classes}; get it again or remove it.`);
  return names;
}
