import { closeSync, constants, copyFileSync, fsyncSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { temporaryName } from './atomicFile';
import { linkProblem, writeProblem } from './fileProblem';

/**
 * What is written in place must be the run's own: not a link to another file, and no copy by a hard link, as backups are made of, which would
 * change with it.
 * @throws LabError `run-folder` where it is a link, or can't be copied
 */
export function makeOwn(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) throw linkProblem(path);
  if (!found?.isFile() || found.nlink < 2) return;
  const draft = temporaryName(path);
  try {
    copyFileSync(path, draft, constants.COPYFILE_EXCL);
    const copy = openSync(draft, 'r+');
    fsyncSync(copy);
    closeSync(copy);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw writeProblem(path, error);
  }
}
