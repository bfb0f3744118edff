import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { engineError } from '../../protocol/errors';
import { findAsset } from '../assets';

/** The C++ sources of the addons and the Node-API headers they include. */
export interface NativeSources {
  /** Absolute paths of the binding's `.cc` files. */
  readonly sources: readonly string[];
  /** The folder of the convolutions' sources. */
  readonly convolutions: string;
  /** Folders to search for `node_api.h` and the sources' own headers. */
  readonly includes: readonly string[];
}

/**
 * The addons' sources, from `dist/native-src/{binding,convolutions,napi-include}` in a packaged extension or from
 * `node_modules` and beside this file in a checkout. Throws engine-unavailable if neither has them.
 */
export function nativeSources(from = __dirname): NativeSources {
  const binding = findAsset('native-src/binding', '@tensorflow/tfjs-node-gpu/binding', from);
  const headers = findAsset('native-src/napi-include', 'node-api-headers/include', from);
  const convolutions = [join(from, 'native-src', 'convolutions'), join(from, 'convolutions')].find((folder) => existsSync(folder));
  if (!binding || !headers || !convolutions) {
    throw engineError(
      "The native engine's C++ sources are missing from this installation. Reinstall Mnemonics Lab, or run `npm install` in a checkout.",
    );
  }
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(binding, name));
  const missing = [...sources, join(headers, 'node_api.h')].find((file) => !existsSync(file));
  if (missing)
    throw engineError(
      `The native engine's source file ${missing} is missing. Reinstall Mnemonics Lab, or run \`npm install\` in a checkout.`,
    );
  return { sources, convolutions, includes: [headers, binding, dirname(binding)] };
}

/** sha256 in hex over names and contents of everything that is compiled, and over `more`: the same sources give the same. */
export function sourcesSha256({ sources, convolutions, includes }: NativeSources, more: readonly string[]): string {
  const [headers = '', binding = ''] = includes;
  const hash = createHash('sha256');
  const files = [...sources, ...headersOf(binding), ...headersOf(headers), ...filesOf(convolutions, /\.(cc|h)$/)];
  for (const file of files)
    hash
      .update(`${basename(file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  for (const text of more) hash.update(`${text}\0`);
  return hash.digest('hex');
}

const headersOf = (folder: string): string[] => filesOf(folder, /\.h$/);

function filesOf(folder: string, wanted: RegExp): string[] {
  const names = readdirSync(folder).filter((name) => wanted.test(name));
  return names.sort().map((name) => join(folder, name));
}
