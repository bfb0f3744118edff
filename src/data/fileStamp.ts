import { fstatSync, statSync } from 'node:fs';

/** What changes when a file is written to: its size in bytes, and milliseconds since 1970. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
}

/** @param file its path, or the descriptor of an open one. Throws what the system says. */
export function stampOf(file: string | number): FileStamp {
  const { size, mtimeMs } = typeof file === 'number' ? fstatSync(file) : statSync(file);
  return { size, mtimeMs };
}

export const isSameStamp = (a: FileStamp, b: FileStamp): boolean => a.size === b.size && a.mtimeMs === b.mtimeMs;
