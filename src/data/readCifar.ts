import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CifarDescription } from '../protocol/dataSets/description';
import { dataError } from '../protocol/errors';
import { readText, SMALL_FILE } from '../store/readText';
import type { DataSetReader, LabelledImages } from './dataSet';
import { FileContent, memoryContent, type Content } from './fileContent';
import { ImageRecords, recordBytes, type RecordForm } from './imageRecords';
import { readDataFile } from './readDataFile';

const SIZE = 32;
const CHANNELS = 3;
const PIXELS = SIZE * SIZE;
/** Records that are read and checked at a time. */
const AT_ONCE = 500;

/** Reads CIFAR-10 or CIFAR-100 in its binary version, 32 × 32 colour: labels and checksums; images stay in the files. */
export const readCifar: DataSetReader<CifarDescription> = async (folder, description) => {
  const names = [...description.train, description.test];
  const files = await Promise.all(names.map((name) => contentOf(folder, name)));
  const form: RecordForm = { labelBytes: description.labelBytes, pixels: PIXELS, channels: CHANNELS };
  const read = files.map((file) => thenClosed(file, () => readRecords(file, form, description)));
  const part = (from: number, to: number): LabelledImages => {
    const labels = Uint16Array.from(read.slice(from, to).flatMap((file) => [...file.labels]));
    return { images: new ImageRecords(files.slice(from, to), form, Uint32Array.from(labels.keys())), labels };
  };
  return {
    classNames: await readClassNames(folder, description),
    height: SIZE,
    width: SIZE,
    channels: CHANNELS,
    practice: 'padded-crop',
    ...description.statistics,
    train: part(0, -1),
    test: part(names.length - 1, names.length),
    sums: read.map(({ sum }) => sum),
  };
};

/** A file as it lies there; where it is packed, or can't be read, as `readDataFile` has it. */
async function contentOf(folder: string, name: string): Promise<Content> {
  try {
    return new FileContent(join(folder, name));
  } catch {
    return memoryContent(await readDataFile(folder, [name]));
  }
}

function thenClosed<T>(file: Content, read: () => T): T {
  try {
    return read();
  } finally {
    file.close();
  }
}

/**
 * Checks a file of records and takes their labels, the last label byte of each.
 * @returns labels, and the sha256 of the file
 * @throws LabError `data-invalid` where its length is no multiple of a record or a label is out of range.
 */
function readRecords(
  file: Content,
  form: RecordForm,
  { classes, labelBytes, archive }: CifarDescription,
): { labels: Uint16Array; sum: string } {
  const { path, size } = file;
  const length = recordBytes(form);
  const count = size / length;
  if (!(count > 0 && Number.isInteger(count)))
    throw dataError(
      `${path} is not a binary file of CIFAR-${classes}: expected a multiple of ${length} bytes, found ${size}; get it again, from ${archive.name}.`,
    );
  const labels = new Uint16Array(count);
  const hash = createHash('sha256');
  const some = new Uint8Array(Math.min(AT_ONCE, count) * length);
  for (let first = 0; first < count; first += AT_ONCE) {
    const bytes = some.subarray(0, Math.min(AT_ONCE, count - first) * length);
    file.read(first * length, bytes);
    hash.update(bytes);
    for (let at = labelBytes - 1, i = first; at < bytes.length; at += length, i++) {
      const label = bytes[at]!;
      if (label >= classes)
        throw dataError(`${path} has the label ${label} in record ${i}, expected 0 to ${classes - 1}; get it again, from ${archive.name}.`);
      labels[i] = label;
    }
  }
  return { labels, sum: hash.digest('hex') };
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
