import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where the set that is being replaced waits, until the new one is in its place. */
const aside = (folder: string): string => join(dirname(folder), `.replaced-${basename(folder)}`);

/** Puts back the set that an import was replacing when its process was killed. */
export function restoreReplaced(folder: string): void {
  if (!existsSync(aside(folder))) return;
  if (existsSync(folder)) rmSync(aside(folder), { recursive: true, force: true });
  else renameSync(aside(folder), folder);
}

/** Puts a complete folder in its place, instead of what is there. Where that fails, what was there is there again. */
export function putInPlace(complete: string, folder: string): void {
  if (existsSync(folder)) renameSync(folder, aside(folder));
  try {
    renameSync(complete, folder);
  } finally {
    restoreReplaced(folder);
  }
}
