import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the checkout, on machines that have it. */
const SOURCE = join(__dirname, '..', '..', '..', '..', 'shared', 'data', 'cifar100');

/** True where this machine has the real CIFAR-100. */
export const hasRealCifar100 = existsSync(SOURCE);

/** Unpacking takes a quarter of a minute, so it is done once for a checkout. */
export function unpackedOnce(): string {
  const dir = join(__dirname, '..', '..', '..', '.cache', 'cifar100');
  if (existsSync(dir)) return dir;
  const half = `${dir}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  execFileSync(process.execPath, [join(SOURCE, 'unpack.mjs'), half]);
  renameSync(half, dir);
  return dir;
}
