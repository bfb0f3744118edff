import { closeSync, openSync, readSync, readdirSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DataSetDescription } from '../../protocol/dataSets/description';
import { dataError } from '../../protocol/errors';
import { listImageTree } from '../images/imageTree';
import { chosenClasses } from '../images/readImageTree';
import { setFiles } from '../setFiles';
import { folderSource } from './folderSource';
import type { ImportSource } from './source';
import { tarSource } from './tarSource';
import { zipSource } from './zipSource';

/**
 * What is to be imported from a path: the files of a folder, or an archive.
 * @param path absolute
 * @throws LabError `data-invalid` where it isn't there or is of no kind that is read
 */
export function openSource(path: string, description: DataSetDescription): ImportSource {
  const stats = statOf(path);
  if (stats.isDirectory())
    return folderSource(path, description.kind === 'images' ? imagesOf(path, description) : filesOf(path, description));
  if (description.kind === 'images' && description.subset)
    throw dataError(`${path} is a file; ${description.title} is imported from an unpacked folder with train and val, so unpack it first.`);
  const magic = firstBytes(path);
  if (magic.readUInt16BE(0) === 0x504b) return zipSource(path);
  const named = /\.(tar|tar\.gz|tgz)$/i.test(path);
  if (named || magic.toString('latin1', 257, 262) === 'ustar') return tarSource(path);
  const isPart =
    description.kind !== 'images' && setFiles(description).some(({ names }) => names.includes(basename(path).replace(/\.gz$/, '')));
  throw dataError(
    isPart
      ? `${path} is one file of several; name the folder that has all of them: --from ${dirname(path)}.`
      : `${path} is no archive that can be read here; name a folder or a .tar, .tar.gz, .tgz or .zip file.`,
  );
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw dataError(`${path} can't be read: ${code === 'ENOENT' ? "it isn't there" : code}; name a folder or an archive with --from.`, {
      cause,
    });
  }
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(512);
  try {
    const file = openSync(path, 'r');
    readSync(file, bytes, 0, bytes.length, 0);
    closeSync(file);
    return bytes;
  } catch (cause) {
    throw dataError(`${path} can't be read (${(cause as NodeJS.ErrnoException).code}); make it readable.`, { cause });
  }
}

function imagesOf(folder: string, { subset }: Extract<DataSetDescription, { kind: 'images' }>): string[] {
  const { train, test } = listImageTree(folder, (names) => (subset ? chosenClasses(names, subset, folder) : names));
  return [...train, ...test].map(({ path }) => path);
}

/** Files in the folder and in the folders directly below it: archives unpack to a folder of their own. All of them, so that a wrong set can be told. */
function filesOf(folder: string, description: Exclude<DataSetDescription, { kind: 'images' }>): string[] {
  const wanted = new Set(setFiles(description).flatMap(({ names }) => names.flatMap((name) => [name, `${name}.gz`])));
  const below = readdirSync(folder, { withFileTypes: true });
  const inside = below
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => readFolder(join(folder, entry.name)).map((name) => `${entry.name}/${name}`));
  const all = [...below.map(({ name }) => name), ...inside].filter((path) =>
    statSync(join(folder, path), { throwIfNoEntry: false })?.isFile(),
  );
  const found = all.filter((path) => wanted.has(basename(path)));
  // With none of its own, what is there instead says what went wrong.
  return found.length > 0 ? found : all.slice(0, 1000);
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
