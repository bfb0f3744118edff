import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findAsset } from '../assets';
import { enginesFolder } from '../cacheFolder';

/*
 * Dawn, Chrome's WebGPU, as the npm package `webgpu`: a Node addon for Linux, macOS and Windows on x64 and arm64, with no
 * download of its own. It is an optional dependency of a checkout and no part of the VSIX: its binaries take 51 MB packed, 7 MB
 * for one platform, where the whole VSIX has a budget of 12 MiB and serves every platform. Whoever wants it there
 * installs it once into the cache, beside the native engine.
 */

/** The release that is tested; package.json pins the same. */
export const WEBGPU_VERSION = '0.6.2';

/** What is used of the package. */
export interface Dawn {
  create(options: string[]): GPU;
  /** The classes and constants of WebGPU, which tfjs's backend takes for global ones. */
  readonly globals: object;
}

/** A package `webgpu` on the disk. */
export interface InstalledDawn {
  /** A file: URL that can be imported. */
  readonly url: string;
  readonly version: string;
}

/** Finds the package: in a checkout's node_modules, or in the cache. */
export function findDawn(env: NodeJS.ProcessEnv = process.env, from?: string): InstalledDawn | undefined {
  const main = join('webgpu', 'index.js');
  const file = findAsset(main, main, from) ?? findAsset(main, main, cacheFolder(env));
  if (!file) return undefined;
  const { version } = JSON.parse(readFileSync(join(dirname(file), 'package.json'), 'utf8')) as { version: string };
  return { url: pathToFileURL(file).href, version };
}

/** What to do where it is missing, as the rest of a sentence. */
export function howToGetDawn(env: NodeJS.ProcessEnv = process.env): string {
  return `get it with \`npm install --ignore-scripts --prefix ${cacheFolder(env)} webgpu@${WEBGPU_VERSION}\``;
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(enginesFolder(env), 'webgpu');
}

export async function importDawn({ url }: InstalledDawn): Promise<Dawn> {
  return (await import(url)) as Dawn;
}
