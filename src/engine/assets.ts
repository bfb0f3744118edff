import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Finds a file or folder that this code needs at run time: beside the bundle (`dist/<bundled>`), or
 * in the nearest `node_modules` of a checkout. Undefined if it is in neither.
 */
export function findAsset(bundled: string, inNodeModules: string, from = __dirname): string | undefined {
  const beside = join(from, bundled);
  if (existsSync(beside)) return beside;
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', inNodeModules);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}
