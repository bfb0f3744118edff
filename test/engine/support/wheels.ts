import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// adm-zip comes with tfjs-node and has no types; it is an independent writer of zip files.
interface ZipWriter {
  addFile(name: string, content: Buffer): void;
  toBuffer(): Buffer;
}
const AdmZip = createRequire(__filename)('adm-zip') as new () => ZipWriter;

/** A folder that the test throws away. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'mnemonics-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

type Members = Readonly<Record<string, Buffer | string>>;

/** Writes a zip file and returns its path. */
export function writeZip(folder: string, name: string, members: Members): string {
  const zip = new AdmZip();
  for (const [member, content] of Object.entries(members)) zip.addFile(member, Buffer.from(content));
  const file = join(folder, name);
  writeFileSync(file, zip.toBuffer());
  return file;
}

export const WHEEL_NAME = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl';

/** Writes a wheel and returns its path; arguments as of {@link wheelMembers}. */
export const writeWheel = (folder: string, ...[name, ...parts]: Parameters<typeof wheelMembers>): string =>
  writeZip(folder, name, wheelMembers(name, ...parts));

/**
 * Members with the METADATA, WHEEL and RECORD of a wheel.
 * @param record what RECORD says, where it isn't the truth
 * @param requires further lines of METADATA
 */
export function wheelMembers(name: string, members: Members, record: Members = members, requires: readonly string[] = []): Members {
  const [distribution = '', version = '', ...tag] = name.replace(/\.whl$/, '').split('-');
  const info = `${distribution}-${version}.dist-info`;
  const lines = Object.entries(record).map(
    ([member, content]) => `${member},sha256=${createHash('sha256').update(content).digest('base64url')},${content.length}`,
  );
  return {
    ...members,
    [`${info}/METADATA`]: [
      'Metadata-Version: 2.1',
      `Name: ${distribution.replaceAll('_', '-')}`,
      `Version: ${version}`,
      ...requires,
      '',
    ].join('\n'),
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: false\nTag: ${tag.join('-')}\n`,
    [`${info}/RECORD`]: `${lines.join('\n')}\n${info}/RECORD,,\n`,
  };
}

/** What an installation looks for in a wheel, and nothing that works. */
export const HOLLOW_WHEEL = {
  'tensorflow/libtensorflow_cc.so.2': 'not a library',
  'tensorflow/libtensorflow_framework.so.2': 'not a library either',
  'tensorflow/include/tensorflow/c/c_api.h': '#error hollow header\n',
  'tensorflow/include/tensorflow/core/framework/tensor.h': 'not needed',
  'tensorflow/python/big.so': 'not needed',
};

/** Flips one byte of a file. */
export function damage(file: string, marker: string): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(marker);
  if (at < 0) throw new Error(`${file} doesn't hold ${marker}`);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
}
