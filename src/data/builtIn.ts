import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { dataError } from '../protocol/errors';
import type { DataSetDescription } from '../protocol/dataSets/description';
import { builtInFiles } from '../protocol/dataSets/registry';

/**
 * The folder of a data set that comes with the program: beside the bundle in an installed extension; in a checkout, in the package
 * that brings the files. Null for sets that don't.
 * @throws LabError `data-invalid` where it should be there and isn't.
 */
export function builtInFolder(description: DataSetDescription): string | null {
  const files = builtInFiles(description);
  if (!files) return null;
  const { folder, package: source } = files;
  const beside = join(__dirname, 'data', folder);
  if (existsSync(beside)) return beside;
  try {
    return join(dirname(createRequire(__filename).resolve(`${source}/package.json`)), 'data');
  } catch (cause) {
    throw dataError(
      `The built-in files of ${description.title} are missing (looked in ${beside} and for the package ${source}); run npm ci, or name a folder with them in dataPath.`,
      { cause },
    );
  }
}
