import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PlainTensor } from '../../learning/model';
import { configError, LabError } from '../../protocol/errors';
import { writeFileAtomic } from '../../store/atomicFile';
import { float32 } from '../../store/dtypes';
import { encodeSafetensors } from '../../store/encodeSafetensors';

/**
 * Finds out before the work whether its result can be written.
 * @throws LabError `config-invalid` where it would replace the input, or can't be written
 */
export async function assertWritable(outFile: string, inFile: string): Promise<void> {
  if (await isSameFile(outFile, inFile)) throw configError(`${outFile} is the input itself; name another file for the result.`);
  const existing = await stat(outFile).catch(() => null);
  if (existing && !existing.isFile()) throw configError(`${outFile} can't be written: it is not a file, so name a file in a folder.`);
  const folder = await nearestFolder(dirname(outFile));
  const writable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    throw configError(`${outFile} can't be written: access to ${folder} is denied, so change its permissions or name another.`);
}

/**
 * Writes `gradient` [m, H, W, C] and `loss` [], all or nothing.
 * @throws LabError `config-invalid` where the disk refuses
 */
export async function writeResult(outFile: string, gradient: PlainTensor, loss: number): Promise<void> {
  const tensors = new Map([
    ['gradient', float32(gradient.shape, gradient.data)],
    ['loss', float32([], Float32Array.of(loss))],
  ]);
  try {
    await writeFileAtomic(outFile, encodeSafetensors(tensors));
  } catch (error) {
    // The writer speaks of run folders; here the call has named the file.
    if (error instanceof LabError) throw configError(error.message, { cause: error });
    throw error;
  }
}

/** By links too. */
async function isSameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => stat(path, { bigint: true }).catch(() => null)));
  if (first && second) return first.dev === second.dev && first.ino === second.ino;
  return (await resolved(a)) === (await resolved(b));
}

const resolved = async (path: string): Promise<string> => join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));

/** The folder, or the first above it that is there: the others are made. */
async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return folder;
  if (found) throw configError(`${folder} is not a folder; name a file in a folder for the result.`);
  return nearestFolder(dirname(folder));
}
