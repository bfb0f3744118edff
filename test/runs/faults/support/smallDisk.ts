import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newPath } from './smallRun';

const PAGE = Buffer.alloc(4096);

/** A disk of its own, of a few megabytes in memory. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all of its room but for so many bytes, in whole pages. */
  fill(leaving?: number): void;
  /** Gives the room back. */
  free(): void;
  /** Mounts it anew with options such as `ro`. */
  remount(options: string): void;
  unmount(): void;
}

/** Mounts one; null where that isn't permitted. */
export function smallDisk(): SmallDisk | null {
  const path = newPath();
  mkdirSync(path);
  const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
  if (!mount('-t', 'tmpfs', '-o', 'size=8m', 'none', path)) return null;
  const filler = join(path, 'filler');
  return {
    path,
    fill(leaving = 0) {
      const file = openSync(filler, 'w');
      try {
        while (writeSync(file, PAGE) === PAGE.length);
      } catch {
        // It is full.
      }
      ftruncateSync(file, fstatSync(file).size - Math.ceil(leaving / PAGE.length) * PAGE.length);
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    remount: (options) => void mount('-o', `remount,${options}`, path),
    unmount: () => void spawnSync('umount', ['-l', path], { stdio: 'ignore' }),
  };
}
