import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { dataError } from '../../protocol/errors';
import { stampOf, type FileStamp } from '../fileStamp';
import { hasEnd, imageKind } from './decodeImage';

const LOOKED_AT = 4096;

/**
 * Checks an image file by its first and last 4096 bytes: is it a JPEG or PNG, and complete?
 * @param path relative to the folder
 * @returns `listing` tells the file from others without reading all of it: path, size, sha256 of the first 4096 bytes
 * @throws LabError `data-invalid` naming the file.
 */
export function checkImageFile(folder: string, path: string): { listing: string; stamp: FileStamp } {
  const full = join(folder, path);
  const file = openFile(full);
  try {
    const stamp = stampOf(file);
    const { size } = stamp;
    const read = (from: number, length = LOOKED_AT) => {
      const bytes = Buffer.alloc(Math.min(length, size - from));
      readSync(file, bytes, 0, bytes.length, from);
      return bytes;
    };
    const beginning = read(0);
    const kind = imageKind(beginning);
    if (!kind) throw dataError(`${full} is no JPEG and no PNG image (${size} bytes); replace it or take it out of the folder.`);
    // Some cameras write much after the end; then all of the file is looked at.
    if (!hasEnd(read(Math.max(0, size - LOOKED_AT)), kind) && !hasEnd(read(0, size), kind))
      throw dataError(`${full} is cut short: its ${kind} image has no end; replace it or take it out of the folder.`);
    return { listing: `${path}\0${size}\0${createHash('sha256').update(beginning).digest('hex')}\n`, stamp };
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
