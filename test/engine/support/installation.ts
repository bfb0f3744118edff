import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { EngineManifest } from '../../../src/engine/native/manifest';
import { LabError } from '../../../src/protocol/errors';

/** A check that a rejection is an engine's sentence, exit code 4, of this form. */
export const isEngineError =
  (pattern: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof LabError, String(error));
    assert.deepEqual([error.code, error.exitCode], ['engine-unavailable', 4]);
    assert.match(error.message, pattern);
    return true;
  };

/** Runs with environment variables changed. */
export async function withEnvironment<T>(changes: Record<string, string | undefined>, run: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]));
  const apply = (values: Record<string, string | undefined>): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(changes);
  try {
    return await run();
  } finally {
    apply(before);
  }
}

/** Is there such a program here? */
export const hasProgram = (name: string): boolean => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;

/** A folder for PATH that holds these programs of the machine and no others. */
export function pathWith(folder: string, programs: readonly string[]): string {
  const path = join(folder, `path-${programs.join('-') || 'empty'}`);
  mkdirSync(path);
  for (const program of programs) symlinkSync(programPath(program), join(path, program));
  return path;
}

/** Python is found past the launcher scripts of version managers, which need a shell's tools. */
function programPath(program: string): string {
  if (program.startsWith('python')) return execFileSync(program, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();
}

/** Writes a shell script that stands in for a program. */
export function script(folder: string, name: string, lines: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Is there a process of this number that has not ended? One that nobody has waited for yet still has its number. */
export function isAtWork(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Serves until the job is done. */
export async function withServer<T>(answer: RequestListener, job: (base: string) => Promise<T>): Promise<T> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await job(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Mounts a small file system of its own; undefined where that isn't permitted. */
export function mountTmpfs(folder: string, options: string): { unmount(): void } | undefined {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  return status === 0 ? { unmount: () => void spawnSync('umount', [folder], { stdio: 'ignore' }) } : undefined;
}

/** `engine.json` of an engine for the CPU of this machine, whose addon has this content and whose first library this size in bytes. */
export const manifestOf = (addon: string, librarySize: number): EngineManifest => ({
  schemaVersion: 1,
  tensorflow: '2.21.0',
  tfjsNode: '4.22.0',
  platform: process.platform,
  arch: process.arch,
  device: 'cpu',
  source: 'a test',
  libraries: 'lib',
  librarySizes: { 'libtensorflow_cc.so.2': librarySize },
  bindingSha256: createHash('sha256').update(addon).digest('hex'),
  installedAt: '',
});
