import { statfs } from 'node:fs/promises';
import { dataError, LabError } from '../../protocol/errors';
import type { ImportSource } from './source';

/** @throws LabError `data-invalid` where the disk has no room for what is to be imported */
export async function assertRoom(folder: string, { neededBytes }: ImportSource): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (neededBytes > bavail * bsize) throw fullError(folder, neededBytes);
}

const fullError = (folder: string, neededBytes: number, cause?: unknown) =>
  dataError(
    `The disk of ${folder} is full: the import needs ${Math.ceil(neededBytes / 2 ** 20)} MiB or more there; make room, or set MNEMONICS_DATA to a folder on another disk.`,
    { cause },
  );

/** What went wrong while a set was put together, as a sentence; named errors as they are. */
export function importProblem(error: unknown, dataFolder: string, { path: from, neededBytes }: ImportSource): unknown {
  if (error instanceof LabError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return fullError(dataFolder, neededBytes, error);
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return dataError(
      `${dataFolder} or a file of ${from} is not accessible (${message}); change its permissions, or set MNEMONICS_DATA to another folder.`,
      { cause: error },
    );
  return code === undefined ? error : dataError(`${from} can't be imported (${message}); check it and try again.`, { cause: error });
}
