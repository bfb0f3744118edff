import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { LIBRARIES, listNative } from '../../../src/engine/native/manifest';
import { buildPrebuilt } from '../../../src/engine/native/prebuilt';
import type { Tarball } from '../../../src/engine/native/tarball';
import { writeWheel } from './wheels';

/**
 * A library with the names of TensorFlow's C interface and nothing behind them, a few kilobytes instead of 850 MB: the real
 * addon links with it and loads, so that every step of an installation runs but the transfer of TensorFlow itself.
 */
export interface TinyTensorflow {
  /** Contents of the two libraries, by name. */
  readonly libraries: Readonly<Record<string, Buffer>>;
  /** TensorFlow's real C headers. */
  readonly include: string;
}

/** Undefined where the native engine isn't installed: its headers are needed to build the addon. */
export function realHeaders(): string | undefined {
  const folder = listNative().flatMap(({ engine }) => engine ?? [])[0]?.folder;
  return folder && join(folder, 'include');
}

/** The addon as a package carries it, built once and kept where `npm run package` keeps it. */
export async function keptPrebuilt(include: string): Promise<string> {
  const folder = join(__dirname, '../../../.cache/native-prebuilt/linux-x64');
  await buildPrebuilt(folder, include);
  return folder;
}

/** Builds it with g++. @param version what TF_Version says */
export function buildTinyTensorflow(folder: string, include: string, version = '2.21.0'): TinyTensorflow {
  const source = join(folder, 'tiny.c');
  const names = interfaceNames().filter((name) => name !== 'TF_Version');
  const functions = names.map((name) => `long ${name}() { return 0; }`);
  writeFileSync(source, `${functions.join('\n')}\nconst char* TF_Version() { return "${version}"; }\n`);
  const libraries: Record<string, Buffer> = {};
  for (const name of LIBRARIES) {
    const content = name.includes('framework') ? '/dev/null' : source;
    execFileSync('gcc', ['-shared', '-fPIC', '-s', '-w', `-Wl,-soname,${name}`, '-x', 'c', content, '-o', join(folder, name)]);
    libraries[name] = readFileSync(join(folder, name));
  }
  return { libraries, include };
}

/** Every function of the C interface that the addons' sources call. */
function interfaceNames(): string[] {
  const binding = join(dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'binding');
  const folders = [binding, join(__dirname, '../../../src/engine/native/convolutions')];
  const text = folders.flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')));
  return [...new Set(text.join('\n').match(/\bTFE?_[A-Z]\w*(?=\()/g))].sort();
}

/** Every header, as `include/…`. */
const headersOf = (include: string): string[] =>
  readdirSync(include, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.h'))
    .map((name) => `include/${name}`);

/** A wheel of it, complete with RECORD and METADATA. */
export function tinyWheel({ libraries, include }: TinyTensorflow, folder: string, name: string, requires: readonly string[] = []): string {
  const headers = headersOf(include).map((header) => [`tensorflow/${header}`, readFileSync(join(dirname(include), header))] as const);
  const members = Object.entries(libraries).map(([library, content]) => [`tensorflow/${library}`, content] as const);
  const content = Object.fromEntries([...headers, ...members]);
  return writeWheel(folder, name, content, content, requires);
}

/** An archive of it, laid out like the published libtensorflow. */
export async function tinyTarball({ libraries, include }: TinyTensorflow, folder: string): Promise<string> {
  const content = join(folder, 'tarball');
  mkdirSync(join(content, 'lib'), { recursive: true });
  const [library, framework] = LIBRARIES;
  writeFileSync(join(content, 'lib', 'libtensorflow.so.2.9.1'), libraries[library] ?? '');
  writeFileSync(join(content, 'lib', 'libtensorflow_framework.so.2.9.1'), libraries[framework] ?? '');
  symlinkSync('libtensorflow.so.2.9.1', join(content, 'lib', 'libtensorflow.so.2'));
  symlinkSync('libtensorflow_framework.so.2.9.1', join(content, 'lib', framework));
  for (const header of headersOf(include)) {
    mkdirSync(join(content, dirname(header)), { recursive: true });
    writeFileSync(join(content, header), readFileSync(join(dirname(include), header)));
  }
  const file = join(folder, 'libtensorflow.tar.gz');
  await create({ file, cwd: content, gzip: true }, ['./lib', './include']);
  return file;
}

/** Says where a file is served, with its real checksum. */
export const published = (file: string, url: string): Tarball => ({
  version: '2.9.1',
  url,
  sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
  roomBytes: 1e6,
});

/** A folder for PYTHONPATH in which Python finds the package; its libraries are links to `libraries`. */
export function pythonPackage(
  folder: string,
  libraries: string,
  include: string,
  distribution = 'tensorflow_cpu',
  version = '2.21.0',
): string {
  const site = join(folder, 'site-packages');
  const info = join(site, `${distribution}-${version}.dist-info`);
  mkdirSync(join(site, 'tensorflow'), { recursive: true });
  mkdirSync(info);
  writeFileSync(join(info, 'METADATA'), `Metadata-Version: 2.1\nName: ${distribution.replace('_', '-')}\nVersion: ${version}\n`);
  writeFileSync(join(site, 'tensorflow', '__init__.py'), '');
  for (const name of LIBRARIES) symlinkSync(join(libraries, name), join(site, 'tensorflow', name));
  symlinkSync(include, join(site, 'tensorflow', 'include'));
  return site;
}
