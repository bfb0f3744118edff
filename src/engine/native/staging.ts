import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRunning } from '../../store/isRunning';
import { STAGING_PREFIX } from './manifest';

/** A name that no other process uses, for a folder that is being filled or thrown away. */
export const stagingFolder = (root: string): string => join(root, `${STAGING_PREFIX}${process.pid}-${process.hrtime.bigint()}`);

/** Puts a complete folder in the place of an earlier one, which goes away whole: a process that has loaded it keeps its files. */
export async function moveIntoPlace(staging: string, folder: string): Promise<void> {
  const old = stagingFolder(dirname(folder));
  await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(staging, folder);
  await rm(old, { recursive: true, force: true });
}

/** Removes the staging folders of processes that are gone. */
export async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith(STAGING_PREFIX)) continue;
    const pid = Number(name.slice(STAGING_PREFIX.length).split('-')[0]);
    if (!isRunning(pid)) await rm(join(root, name), { recursive: true, force: true });
  }
}
