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

/** Writes a zip file and returns its path. */
export function writeZip(folder: string, name: string, members: Record<string, Buffer | string>): string {
  const zip = new AdmZip();
  for (const [member, content] of Object.entries(members)) zip.addFile(member, Buffer.from(content));
  const file = join(folder, name);
  writeFileSync(file, zip.toBuffer());
  return file;
}

export const WHEEL_NAME = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl';

/** A wheel with the members that an installation looks for, and nothing that works in them. */
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
