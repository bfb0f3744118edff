import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { linkProblem, systemCode, writeProblem } from './fileProblem';

/** Marks files that are being written; one that is left over from a crash may be removed. */
export const TEMPORARY_SUFFIX = '.tmp';

/** A name for a file while it is being written. */
export const temporaryName = (path: string): string => `${path}.${randomUUID().slice(0, 8)}${TEMPORARY_SUFFIX}`;

/** The name of the file that is being written in one of these; null for any other name. */
export const temporaryOf = (name: string): string | null => /^(.+)\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1] ?? null;

/**
 * Writes a file so that a reader, and a machine that loses power at any moment, sees the old content or the new, never a
 * part: temporary file in the same folder, fsync, rename, fsync of the folder. Makes the folder if it is missing. Nothing
 * is left behind where it fails.
 * @param options.within a folder above the file that is never made: one that somebody took away does not come back with a single file in it. Below it, no
 *   link is followed: one that somebody put there does not lead the file elsewhere
 * @param options.before called once the content is on the disk under its temporary name, before the old content goes
 * @throws LabError `run-folder` naming the file.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
  { within, before }: { within?: string; before?: () => Promise<void> } = {},
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await makeFolder(dirname(path), within);
    try {
      await writeSynced(temporary, content);
      await before?.();
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
    await syncFolder(dirname(path));
  } catch (error) {
    throw writeProblem(path, error);
  }
}

/**
 * Makes a folder with those above it. Node's own way says of a read-only disk that the folder above is missing.
 * @param within a folder above it that must be there; below that one, links are refused
 */
export async function makeFolder(path: string, within?: string): Promise<void> {
  if (path === within) return;
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') {
      const found = await (within === undefined ? stat : lstat)(path);
      if (found.isSymbolicLink()) throw linkProblem(path);
      if (found.isDirectory()) return;
      throw writeProblem(path, error);
    }
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path), within);
    await mkdir(path).catch((again: unknown) => {
      // Another process made it meanwhile.
      if (systemCode(again) !== 'EEXIST') throw again;
    });
  }
  await syncFolder(dirname(path));
}

async function writeSynced(path: string, content: string | Uint8Array | Iterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const parts = typeof content === 'string' ? [Buffer.from(content)] : content instanceof Uint8Array ? [content] : content;
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a name in a folder durable. Some systems refuse to open or sync a folder; there, it is as durable as they make it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
