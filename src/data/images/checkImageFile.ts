import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { dataError } from '../../protocol/errors';
import { imageKind, type ImageKind } from './decodeImage';

const LOOKED_AT = 4096;
/** What stands at, or shortly before, the end of a complete file. */
const ENDS: Readonly<Record<ImageKind, Buffer>> = { JPEG: Buffer.from([0xff, 0xd9]), PNG: Buffer.from('IEND') };

/**
 * Checks an image file by its first and last 4096 bytes: is it a JPEG or PNG, and complete?
 * @param path relative to the folder
 * @returns what tells the file from others without reading all of it: path, size, sha256 of the first 4096 bytes
 * @throws LabError `data-invalid` naming the file.
 */
export function checkImageFile(folder: string, path: string): string {
  const full = join(folder, path);
  const file = openFile(full);
  try {
    const { size } = fstatSync(file);
    const read = (from: number) => {
      const bytes = Buffer.alloc(Math.min(LOOKED_AT, size - from));
      readSync(file, bytes, 0, bytes.length, from);
      return bytes;
    };
    const beginning = read(0);
    const kind = imageKind(beginning);
    if (!kind) throw dataError(`${full} is no JPEG and no PNG image (${size} bytes); replace it or take it out of the folder.`);
    if (!read(Math.max(0, size - LOOKED_AT)).includes(ENDS[kind]))
      throw dataError(`${full} is cut short: its ${kind} image has no end; replace it or take it out of the folder.`);
    return `${path}\0${size}\0${createHash('sha256').update(beginning).digest('hex')}\n`;
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw dataError(`${path} can't be read (${(cause as NodeJS.ErrnoException).code}); make it readable or take it out of the folder.`, {
      cause,
    });
  }
}
