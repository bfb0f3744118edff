import { relative } from 'node:path';

/** A path as a person would type it: relative inside the current folder, absolute elsewhere. */
export function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside === '' ? '.' : inside.startsWith('..') ? path : inside;
}
