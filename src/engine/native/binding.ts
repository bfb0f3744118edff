import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineError } from '../../protocol/errors';
import { BINDING_FILE, LIBRARIES } from './manifest';
import { QUIET_FILE, QUIET_SOURCE } from './quiet';
import { lastLines, runProgram } from './run';
import { nativeSources } from './sources';

/** Where TensorFlow is, for the compiler and for the addon. */
export interface BuildOptions {
  /** The folder that the addons are written to. */
  readonly folder: string;
  /** The folder of libtensorflow_cc.so.2. */
  readonly libraries: string;
  /** TensorFlow's include folder. */
  readonly include: string;
  /** Where the addon looks for the libraries, absolute or beginning with $ORIGIN. */
  readonly rpath: string;
  readonly signal?: AbortSignal | undefined;
}

const FLAGS = [
  '-shared',
  '-fPIC',
  '-O2',
  '-s',
  '-std=c++17',
  '-fvisibility=hidden',
  '-w',
  '-DNAPI_VERSION=8',
  '-DNODE_GYP_MODULE_NAME=tfjs_binding',
];

/**
 * Compiles the Node addons with g++ alone, in about ten seconds: they use only Node-API and TensorFlow's C
 * interface, both stable, so neither Node's headers nor node-gyp are needed and one build serves every Node.
 *
 * @throws engine-unavailable if there is no compiler or it fails
 */
export async function buildBinding({ folder, libraries, include, rpath, signal }: BuildOptions): Promise<void> {
  const { sources, includes } = nativeSources();
  const headers = [...includes, include].map((path) => `-I${path}`);
  const link = [`-L${libraries}`, ...LIBRARIES.map((name) => `-l:${name}`), `-Wl,-rpath,${rpath}`];
  await compile([...FLAGS, ...headers, ...sources, ...link, '-o', join(folder, BINDING_FILE)], signal);
  const quiet = join(folder, 'quiet.cc');
  await writeFile(quiet, QUIET_SOURCE);
  await compile([...FLAGS, ...headers, quiet, '-o', join(folder, QUIET_FILE)], signal);
  await rm(quiet);
}

async function compile(args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const compiler = process.env['CXX'] || 'g++';
  const result = await runProgram(compiler, args, signal ? { signal } : {});
  if (result.notFound) {
    throw engineError(
      `Installing the native engine needs the C++ compiler ${compiler}, and none was found. Install it (on Debian: "apt install g++"), or use the wasm engine.`,
    );
  }
  if (result.code !== 0) {
    throw engineError(
      `${compiler} could not build the native engine's binding: ${lastLines(result.stderr)} A g++ of version 8 or newer is needed; the wasm engine needs none.`,
    );
  }
}
