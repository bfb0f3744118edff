import { basename, join } from 'node:path';
import { dataError } from '../protocol/errors';
import { readProblem } from '../store/fileProblem';
import { readBytes } from '../store/readText';
import { gunzip, unbrotli } from './unpack';

/** Compressions that a data file may have, by the ending that says so. */
const DECOMPRESS: Record<string, (bytes: Uint8Array) => Promise<Uint8Array>> = {
  '': (bytes) => Promise.resolve(bytes),
  '.gz': gunzip,
  '.br': unbrotli,
};

export interface DataFile {
  /** As it was found, for messages. */
  readonly path: string;
  /** Uncompressed. */
  readonly bytes: Uint8Array;
}

/**
 * Reads a file of a data set from a folder, as it is or compressed.
 * @param names what it may be called, in order of preference, without the compression's ending
 * @throws LabError `data-invalid` where it is missing, unreadable or its compression is damaged.
 */
export async function readDataFile(folder: string, names: readonly string[]): Promise<DataFile> {
  for (const name of names) {
    for (const [ending, decompress] of Object.entries(DECOMPRESS)) {
      const path = join(folder, `${name}${ending}`);
      const stored = await readBytes(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        const hint = { ENOTDIR: `${folder} is not a folder`, EISDIR: 'it is a folder' }[error.code ?? ''];
        const message = hint ? `${path} can't be read: ${hint}; name the data set's folder in dataPath.` : readProblem(path, error).message;
        throw dataError(message, { cause: error });
      });
      if (!stored) continue;
      try {
        return { path, bytes: await decompress(stored) };
      } catch (cause) {
        throw dataError(
          `${path} can't be unpacked, it is damaged or incomplete (${stored.byteLength} bytes; ${(cause as Error).message}); download it again.`,
          { cause },
        );
      }
    }
  }
  throw dataError(`${basename(names[0]!)} is not in ${folder}; put the data set's files there, or correct dataPath.`);
}
