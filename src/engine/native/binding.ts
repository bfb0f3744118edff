import { engineError } from '../../protocol/errors';
import { LIBRARIES } from './manifest';
import { lastLines, runProgram } from './run';
import { nativeSources } from './sources';

/**
 * Compiles the Node addon with g++ alone, in about ten seconds: it uses only Node-API and TensorFlow's C
 * interface, both stable, so neither Node's headers nor node-gyp are needed and one build serves every Node.
 *
 * @param libraries folder of libtensorflow_cc.so.2
 * @param include TensorFlow's include folder
 * @param rpath where the addon looks for the libraries, absolute or beginning with $ORIGIN
 * @throws engine-unavailable if there is no compiler or it fails
 */
export async function buildBinding(options: {
  readonly output: string;
  readonly libraries: string;
  readonly include: string;
  readonly rpath: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<void> {
  const { sources, includes } = nativeSources();
  const args = [
    '-shared', '-fPIC', '-O2', '-s', '-std=c++17', '-fvisibility=hidden', '-w',
    '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding',
    ...[...includes, options.include].map((folder) => `-I${folder}`),
    ...sources,
    `-L${options.libraries}`,
    ...LIBRARIES.map((name) => `-l:${name}`),
    `-Wl,-rpath,${options.rpath}`,
    '-o', options.output,
  ];
  const compiler = process.env['CXX'] || 'g++';
  const result = await runProgram(compiler, args, options.signal ? { signal: options.signal } : {});
  if (result.notFound) {
    throw engineError(`Installing the native engine needs the C++ compiler ${compiler}, and none was found. Install it (on Debian: "apt install g++"), or use the wasm engine.`);
  }
  if (result.code !== 0) {
    throw engineError(`${compiler} could not build the native engine's binding: ${lastLines(result.stderr)} A g++ of version 8 or newer is needed; the wasm engine needs none.`);
  }
}
