import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineProblem, diskFull, isDiskFull } from './failure';
import { BINDING_FILE, CONVOLUTIONS_FILE, LIBRARIES } from './manifest';
import { SYSTEM_FILE, SYSTEM_SOURCE } from './systemAddon';
import { lastLines, runProgram } from '../runProgram';
import { nativeSources, sourcesSha256 } from './sources';

export interface BuildOptions {
  /** The folder that the addons are written to. At run time they look for TensorFlow's libraries in `lib/` beside them. */
  readonly folder: string;
  /** TensorFlow's include folder. */
  readonly include: string;
  readonly signal?: AbortSignal | undefined;
}

/** No path, time or build number gets into an addon: the same sources and compiler give the same bytes. */
const COMPILE = ['-fPIC', '-std=c++17', '-w', '-fvisibility=hidden', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'];
const LINK = ['-shared', '-s', '-Wl,--build-id=none', '-Wl,-z,now'];
const FLAGS = [...LINK, ...COMPILE, '-O2'];
/** The convolutions, once for each kind of CPU that they know; which of them run is decided where they run. */
const KINDS_OF_CPU = { avx512: ['-mavx512f', '-mfma'], avx2: ['-mavx2', '-mfma'] };
const FAST = [...COMPILE, '-O3'];
const RPATH = '-Wl,-rpath,$ORIGIN/lib';

/**
 * g++ 11 and newer call this function of their own library for sizes that overflow; with one in the addon, a prebuilt addon
 * runs with the C++ library of every system that has glibc 2.27.
 */
const COMPATIBILITY_SOURCE = '#include <string>\nnamespace std { void __throw_bad_array_new_length() { __throw_bad_alloc(); } }\n';

/** The compiler that builds the addons: g++, or what CXX names. */
const compilerName = (): string => process.env['CXX'] || 'g++';

/** The compiler and its version in one line; undefined if there is none. */
export async function findCompiler(signal?: AbortSignal): Promise<string | undefined> {
  const { code, stdout } = await runProgram(compilerName(), ['--version'], { timeoutMs: 20_000, ...(signal ? { signal } : {}) });
  return code === 0 ? (stdout.split('\n')[0] ?? compilerName()) : undefined;
}

/** What a build is made of, as a sha256 in hex: an addon built from the same may stand in for it. */
export const buildInputsSha256 = (): string =>
  sourcesSha256(nativeSources(), [COMPATIBILITY_SOURCE, SYSTEM_SOURCE, ...FLAGS, ...FAST, JSON.stringify(KINDS_OF_CPU), RPATH]);

/**
 * Compiles the Node addons with g++ alone, in about fifteen seconds: they use only Node-API and TensorFlow's C
 * interface, both stable, so neither Node's headers nor node-gyp are needed and one build serves every Node and every
 * TensorFlow. It is linked with empty libraries of TensorFlow's names, so that nothing of one TensorFlow gets into it.
 *
 * @throws engine-unavailable if there is no compiler or it fails
 */
export async function buildBinding({ folder, include, signal }: BuildOptions): Promise<void> {
  const { sources, convolutions, includes } = nativeSources();
  const headers = [...includes, include].map((path) => `-I${path}`);
  // Names that the compiler writes into the addon (`__FILE__`) must not tell whose machine built it.
  const prefixes = [...includes, include, convolutions].map((path) => `-ffile-prefix-map=${path}=.`);
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'build-'));
  const compile = (args: readonly string[]): Promise<void> => runCompiler(args, work, signal);
  try {
    for (const name of LIBRARIES)
      await compile(['-shared', '-nostdlib', `-Wl,-soname,${name}`, '-x', 'c++', '/dev/null', '-o', join(work, name)]);
    const link = [`-L${work}`, '-Wl,--no-as-needed', ...LIBRARIES.map((name) => `-l:${name}`), '-Wl,--as-needed', RPATH];
    const [compatibility, system] = [join(work, 'compatibility.cc'), join(work, 'system.cc')];
    await writeFile(compatibility, COMPATIBILITY_SOURCE);
    await writeFile(system, SYSTEM_SOURCE);
    await compile([...FLAGS, ...prefixes, ...headers, ...sources, compatibility, ...link, '-o', join(folder, BINDING_FILE)]);
    await compile([...FLAGS, ...headers, system, '-o', join(folder, SYSTEM_FILE)]);
    const objects: string[] = [];
    const add = async (source: string, kind: string, flags: readonly string[]): Promise<void> => {
      const object = join(work, `${source}-${kind}.o`);
      await compile([...FAST, ...flags, ...prefixes, ...headers, '-c', join(convolutions, source), '-o', object]);
      objects.push(object);
    };
    for (const [kind, flags] of Object.entries(KINDS_OF_CPU)) await add('winograd.cc', kind, flags);
    for (const source of ['threads.cc', 'ops.cc', 'batchNormOps.cc']) await add(source, 'any', []);
    await compile([...LINK, ...objects, compatibility, '-fPIC', '-pthread', ...link, '-o', join(folder, CONVOLUTIONS_FILE)]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @param why why nothing else can stand in for it */
export const noCompiler = (why?: string): MachineProblem =>
  new MachineProblem(
    `Installing the native engine needs the C++ compiler ${compilerName()}${why ? `, since ${why}` : ''}, and none was found. Install it (on Debian: "apt install g++"), or use the wasm engine.`,
  );

/** @param work where the compiler may write what it needs in between */
async function runCompiler(args: readonly string[], work: string, signal: AbortSignal | undefined): Promise<void> {
  const result = await runProgram(compilerName(), args, { env: { ...process.env, TMPDIR: work }, ...(signal ? { signal } : {}) });
  if (result.notFound) throw noCompiler();
  if (isDiskFull(result.stderr)) throw diskFull(work);
  if (result.code !== 0)
    throw new MachineProblem(
      `${compilerName()} could not build the native engine's binding: ${lastLines(result.stderr)} A g++ of version 8 or newer is needed; the wasm engine needs none.`,
    );
}
