import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dataError } from '../../protocol/errors';

const READ = /\.(jpe?g|png)$/i;
const NOT_READ = /\.(webp|gif|bmp|tiff?|avif|heic|jp2|ppm|pgm)$/i;
/** Tiny-ImageNet has its images one folder deeper; nothing has them deeper than that. */
const MAX_DEPTH = 3;

/** Is it called as an image is, of a kind that is read or not? */
export const isImageName = (name: string): boolean => READ.test(name) || NOT_READ.test(name);

/** By code units, as Python sorts: the order must not depend on a machine's language. */
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Names of the folders in a folder, sorted; what is hidden is left out. */
export const foldersIn = (dir: string): string[] => entries(dir).filter((name) => isFolder(join(dir, name)));

/**
 * The JPEG and PNG files below a folder, as paths relative to it, sorted; other files are left out.
 * @throws LabError `data-invalid` naming an image of a kind that isn't read.
 */
export function imagesIn(dir: string, depth = 1): string[] {
  return entries(dir).flatMap((name) => {
    const path = join(dir, name);
    if (NOT_READ.test(name))
      throw dataError(`${path} is an image of a kind that isn't read here; convert it to JPEG or PNG or take it out.`);
    if (READ.test(name) && !isFolder(path)) {
      assertOrdinary(path);
      return [name];
    }
    return depth < MAX_DEPTH && isFolder(path) ? imagesIn(path, depth + 1).map((inner) => `${name}/${inner}`) : [];
  });
}

function entries(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => !name.startsWith('.'))
      .sort(byName);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? "it isn't there" : code === 'ENOTDIR' ? 'it is no folder' : code;
    throw dataError(`${dir} can't be read: ${problem}; name the folder of the images in dataPath and make it readable.`, { cause });
  }
}

/** A pipe would be waited for, a device never ends; a link to an image is an image. */
function assertOrdinary(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile())
    throw dataError(`${path} is no ordinary file${found ? '' : ', but a link to nothing'}; replace it or take it out of the folder.`);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
