import type { FileHandle } from 'node:fs/promises';
import { runError } from '../protocol/errors';
import { arrayOfBytes, type ArrayOf, type Dtype, type TensorData } from './dtypes';
import { readProblem } from './fileProblem';
import { openOrdinary } from './readText';
import { LENGTH_BYTES, headerError, parseHeader, parseHeaderLength, type HeaderEntry, type SafetensorsHeader } from './safetensorsHeader';

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorData>;
}

/**
 * What is inside a file, without its tensors: reads the header only, whatever the file's size.
 * @throws LabError `run-folder` where the file can't be read or is malformed.
 */
export const readHeader = (path: string): Promise<SafetensorsHeader> => withFile(path, (file) => headerOf(file, path));

/** One tensor, read by its byte range. @throws LabError `run-folder`, also where the file has no tensor of that name. */
export const readTensor = (path: string, name: string): Promise<TensorData> =>
  withFile(path, async (file) => {
    const entry = (await headerOf(file, path)).tensors.get(name);
    if (!entry) throw runError(`${path} has no tensor "${name}"; \`inspect\` lists those it has.`);
    return tensorOf(file, entry, path);
  });

/** All tensors of a file. @throws LabError `run-folder` */
export const readSafetensors = (path: string): Promise<SafetensorsFile> =>
  withFile(path, async (file) => {
    const { metadata, tensors } = await headerOf(file, path);
    const read = new Map<string, TensorData>();
    for (const entry of tensors.values()) read.set(entry.name, await tensorOf(file, entry, path));
    return { metadata, tensors: read };
  });

/**
 * A tensor's array, of the dtype that the caller knows it to have.
 * @throws LabError `run-folder` naming the file and what it should hold.
 */
export function arrayOf<D extends Dtype>(
  tensors: ReadonlyMap<string, TensorData>,
  name: string,
  dtype: D,
  path: string,
): { shape: readonly number[]; data: ArrayOf[D] } {
  const tensor = tensors.get(name);
  if (tensor?.dtype !== dtype)
    throw headerError(path, tensor ? `tensor "${name}" is ${tensor.dtype} instead of ${dtype}` : `it has no tensor "${name}"`);
  return { shape: tensor.shape, data: tensor.data as ArrayOf[D] };
}

/** Runs `use` on an opened file and closes it; what the disk refuses becomes a sentence. */
export async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await openOrdinary(path);
    return await use(file);
  } catch (error) {
    throw readProblem(path, error);
  } finally {
    await file?.close();
  }
}

/** Reads and checks the header of an opened file. */
export async function headerOf(file: FileHandle, path: string): Promise<SafetensorsHeader> {
  const { size } = await file.stat();
  const prefix = new Uint8Array(Math.min(LENGTH_BYTES, size));
  await readFully(file, prefix, 0, path);
  const header = new Uint8Array(parseHeaderLength(prefix, size, path));
  await readFully(file, header, LENGTH_BYTES, path);
  return parseHeader(header, size, path);
}

/** Fills `bytes` from a position; a file that ends before is reported, not returned short. */
export async function readFully(file: FileHandle, bytes: Uint8Array, position: number, path: string): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesRead } = await file.read(bytes, done, bytes.byteLength - done, position + done);
    if (bytesRead === 0) throw headerError(path, `it ended at byte ${position + done} while it was read`);
    done += bytesRead;
  }
}

async function tensorOf(file: FileHandle, entry: HeaderEntry, path: string): Promise<TensorData> {
  const bytes = new Uint8Array(entry.end - entry.begin);
  await readFully(file, bytes, entry.begin, path);
  return { dtype: entry.dtype, shape: entry.shape, data: arrayOfBytes(entry.dtype, bytes) } as TensorData;
}
