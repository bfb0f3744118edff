import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import { engineError } from '../../protocol/errors';
import { assertRoom } from './failure';
import { LIBRARIES } from './manifest';
import type { Progress } from './progress';

/** A published archive of libtensorflow. */
export interface Tarball {
  readonly version: string;
  readonly url: string;
  readonly sha256: string;
  /** What it takes on the disk while it is installed, archive and unpacked, in bytes. */
  readonly roomBytes: number;
}

/** The last C library that TensorFlow published for tfjs-node, and the sha256 of its archives as packagers pin them. */
const VERSION = '2.9.1';
const PUBLISHED = {
  cpu: { sha256: '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173', roomBytes: 500_000_000 },
  gpu: { sha256: '20c46f761d5905f592c4eac0812e8e50d9cb439f9440a9391912cf4c02ed8be8', roomBytes: 1_700_000_000 },
} as const;

/** tfjs-node's own installer takes its archive from here, or from a mirror that TFJS_NODE_BASE_URI names. */
const BASE = 'https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-';

export function publishedTarball(device: 'cpu' | 'gpu', env: NodeJS.ProcessEnv = process.env): Tarball {
  const base = env['TFJS_NODE_BASE_URI'] || BASE;
  return { version: VERSION, url: `${base}${device}-linux-x86_64-${VERSION}.tar.gz`, ...PUBLISHED[device] };
}

/**
 * Fetches the archive, checks its length and sha256, and lays it out as a wheel's libraries are: `lib/` and `include/`.
 *
 * @throws engine-unavailable if it can't be had or isn't the published one
 */
export async function installTarball({ version, url, sha256, roomBytes }: Tarball, folder: string, progress: Progress): Promise<void> {
  await assertRoom(folder, roomBytes);
  const file = join(folder, 'libtensorflow.tar.gz');
  const found = await download(url, file, `Downloading libtensorflow ${version}`, progress);
  if (found !== sha256)
    throw engineError(
      `What ${url} gives is not the published libtensorflow ${version}: its sha256 is ${found}. Look at the network's proxy.`,
    );
  progress.report('unpack', `Unpacking libtensorflow ${version}`);
  await unpack(file, folder);
  await rm(file);
  progress.signal?.throwIfAborted();
}

/** Returns the sha256 of what came. */
async function download(url: string, file: string, message: string, progress: Progress): Promise<string> {
  progress.report('download', message);
  const hash = createHash('sha256');
  let doneBytes = 0;
  try {
    const response = await fetch(url, progress.signal ? { signal: progress.signal } : {});
    if (!response.ok || !response.body) throw new Error(`the server answers ${response.status} ${response.statusText}`.trim());
    const totalBytes = Number(response.headers.get('content-length')) || undefined;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        doneBytes += chunk.length;
        progress.report('download', message, doneBytes, totalBytes);
        done(null, chunk);
      },
    });
    // The two declarations of a web stream differ in name only.
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, count, createWriteStream(file));
    if (totalBytes !== undefined && doneBytes !== totalBytes) throw new Error(`it ended after ${doneBytes} of ${totalBytes} bytes`);
  } catch (error) {
    progress.signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw engineError(`libtensorflow could not be downloaded from ${url}: ${reasonOf(error)}.`, { cause: error });
  }
  return hash.digest('hex');
}

async function unpack(file: string, folder: string): Promise<void> {
  const wanted = /^(\.\/)?(lib\/libtensorflow[\w.]*|include\/.*\.h|LICENSE|THIRD_PARTY_TF_C_LICENSES)$/;
  await extract({ file, cwd: folder, filter: (path) => wanted.test(path) });
  // The binding asks for the library by the name it has in a wheel.
  const [library] = LIBRARIES;
  if (!existsSync(join(folder, 'lib', 'libtensorflow.so.2')))
    throw engineError('The archive of libtensorflow has no libtensorflow.so.2 in it.');
  await symlink('libtensorflow.so.2', join(folder, 'lib', library));
}

/** fetch says "fetch failed" and keeps the reason as its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const inner = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : undefined;
  return inner ?? message;
}
