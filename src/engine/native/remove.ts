import { readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { configError } from '../../protocol/errors';
import { enginesFolder } from '../cacheFolder';
import { hasName, listNative } from './manifest';
import { stagingFolder } from './staging';

/** An engine that was removed. */
export interface RemovedEngine {
  readonly folder: string;
  /** Processes that have it loaded. They go on: Linux frees what they have mapped when they end. */
  readonly usedBy: readonly number[];
}

/**
 * Removes installed engines, damaged ones too. Each goes at once, by a rename: another process finds it complete or not at
 * all. What an engine borrows from a Python stays there, since the engine only has links to it.
 *
 * @param names versions such as `2.21.0` or `2.21.0-cpu`, or names of folders; `all` for every one
 * @throws config-invalid if there is none, or none of a name
 */
export function removeNative(names: readonly string[] | 'all', root: string = enginesFolder()): RemovedEngine[] {
  const folders = listNative(root).map(({ folder }) => folder);
  if (folders.length === 0) throw configError(`No native engine is installed in ${root}; there is nothing to remove.`);
  const installed = folders.map((folder) => basename(folder)).join(', ');
  if (names.length === 0) throw configError(`Say which engine to remove, or --all; installed: ${installed}.`);
  const chosen = names === 'all' ? folders : names.flatMap((name) => matching(name, folders, installed));
  return [...new Set(chosen)].map(removeOne);
}

function matching(name: string, folders: readonly string[], installed: string): string[] {
  const found = folders.filter((folder) => hasName(folder, name));
  if (found.length === 0) throw configError(`No native engine ${name} is installed; installed: ${installed}.`);
  return found;
}

function removeOne(folder: string): RemovedEngine {
  const usedBy = usersOf(folder);
  const aside = stagingFolder(dirname(folder));
  renameSync(folder, aside);
  rmSync(aside, { recursive: true, force: true });
  return { folder, usedBy };
}

/** The processes, of those that this user may look into, that have mapped a file of the folder. */
function usersOf(folder: string): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((pid) => readMaps(pid).includes(` ${folder}/`)).map(Number);
}

function readMaps(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8');
  } catch {
    return '';
  }
}
