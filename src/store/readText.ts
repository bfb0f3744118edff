import { constants, closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Opening a pipe waits for who writes to it, unless it is told not to. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const MIB = 2 ** 20;
/** Most bytes of a file that a person writes or that says a few things: real ones have some kilobytes. */
export const SMALL_FILE = MIB;

/**
 * Opens a file to read it. Only an ordinary one: a pipe would be waited for, a device never ends.
 * @throws Error a system error, or one whose message is a clause with a remedy
 */
export async function openOrdinary(path: string): Promise<FileHandle> {
  const file = await open(path, READ);
  try {
    assertOrdinary(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The content of an ordinary file. @throws Error as {@link openOrdinary} */
export async function readBytes(path: string): Promise<Uint8Array> {
  const file = await openOrdinary(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The text of an ordinary file that is no larger than it should be. @throws Error as {@link openOrdinary} */
export async function readText(path: string, mostBytes: number): Promise<string> {
  const file = await openOrdinary(path);
  try {
    assertSize((await file.stat()).size, mostBytes);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** {@link openOrdinary} at once. @returns the file's descriptor */
export function openOrdinarySync(path: string): number {
  const file = openSync(path, READ);
  try {
    assertOrdinary(fstatSync(file));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** {@link readText} at once. */
export function readTextSync(path: string, mostBytes: number): string {
  const file = openOrdinarySync(path);
  try {
    assertSize(fstatSync(file).size, mostBytes);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function assertOrdinary(stats: Stats): void {
  if (stats.isDirectory()) throw Object.assign(new Error('it is a folder, so name a file in it'), { code: 'EISDIR' });
  if (!stats.isFile()) throw new Error('it is a pipe or device, so put an ordinary file in its place');
}

function assertSize(size: number, most: number): void {
  if (size > most) throw new Error(`it has ${size} bytes, more than the ${most} that such a file may have, so put the right file there`);
}
