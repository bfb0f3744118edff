import type { Dirent } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PHASE_FILES, RUN_FILES } from '../protocol/runLayout';
import { temporaryOf } from './atomicFile';
import { systemCode } from './fileProblem';
import { isStaleLock } from './runLock';

const PHASE_FOLDER = /^phase-\d{2,}$/;
const OWN_FILES: ReadonlySet<string | null> = new Set([RUN_FILES.run, RUN_FILES.events, RUN_FILES.state, ...Object.values(PHASE_FILES)]);

/** Is this the name of a file that a run's writer was writing? Reports are written by others. */
export const isLeftover = (name: string): boolean => OWN_FILES.has(temporaryOf(name));

/**
 * Removes what a killed writer left in a run's folder: its temporary files, and drafts and guards of its lock. To be called by who
 * holds the lock; what belongs to a living process stays.
 */
export async function removeLeftovers(dir: string): Promise<void> {
  for (const entry of await entriesIn(dir)) {
    const { name } = entry;
    const path = join(dir, name);
    const isLockPart = !entry.isDirectory() && name.startsWith(`${RUN_FILES.lock}.`);
    if (isOwnLeftover(entry) || (isLockPart && (await isStaleLock(path)))) await rm(path, { force: true });
    // Not through a link: what is removed must lie in the run folder.
    if (!PHASE_FOLDER.test(name) || !entry.isDirectory()) continue;
    for (const file of (await entriesIn(path)).filter(isOwnLeftover)) await rm(join(path, file.name), { force: true });
  }
}

const isOwnLeftover = (entry: Dirent): boolean => !entry.isDirectory() && isLeftover(entry.name);

async function entriesIn(dir: string): Promise<Dirent[]> {
  return readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw error;
  });
}
