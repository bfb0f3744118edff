import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PHASE_FILES, RUN_FILES } from '../protocol/runLayout';
import { temporaryOf } from './atomicFile';
import { systemCode } from './fileProblem';
import { isStaleLock } from './runLock';

const PHASE_FOLDER = /^phase-\d{2,}$/;
const OWN_FILES: ReadonlySet<string | null> = new Set([RUN_FILES.run, RUN_FILES.state, ...Object.values(PHASE_FILES)]);

/** Is this the name of a file that a run's writer was writing? Reports are written by others. */
export const isLeftover = (name: string): boolean => OWN_FILES.has(temporaryOf(name));

/**
 * Removes what a killed writer left in a run's folder: its temporary files, and drafts and guards of its lock. To be called by who
 * holds the lock; what belongs to a living process stays.
 */
export async function removeLeftovers(dir: string): Promise<void> {
  for (const name of await namesIn(dir)) {
    const path = join(dir, name);
    if (isLeftover(name) || (name.startsWith(`${RUN_FILES.lock}.`) && (await isStaleLock(path)))) await rm(path, { force: true });
    if (!PHASE_FOLDER.test(name)) continue;
    for (const file of (await namesIn(path)).filter(isLeftover)) await rm(join(path, file), { force: true });
  }
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw error;
  });
}
