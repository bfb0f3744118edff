import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { KernelThreadData } from './kernelThread';

/**
 * Starts threads `from` to `to` − 1 and waits until they are ready.
 * @returns how many of them are
 */
export async function startKernelThreads(data: Omit<KernelThreadData, 'thread'>, from: number, to: number): Promise<number> {
  let ready = 0;
  for (let thread = from; thread < to; thread++) if (await isReady(startThread({ ...data, thread }))) ready++;
  return ready;
}

/** False if the thread doesn't start: the others do its work then. */
function isReady(worker: Worker): Promise<boolean> {
  return new Promise((resolve) => {
    worker.once('message', () => {
      // A thread at work or asleep must not keep a finished process alive.
      worker.unref();
      resolve(true);
    });
    worker.once('error', () => resolve(false));
    worker.once('exit', () => resolve(false));
  });
}

/** Beside the bundle; in a checkout, the source beside this one, through the same loader of TypeScript as this one. */
function startThread(workerData: KernelThreadData): Worker {
  const bundled = join(__dirname, 'kernelThread.js');
  if (existsSync(bundled)) return new Worker(bundled, { workerData });
  const files = [createRequire(__filename).resolve('tsx/cjs'), join(__dirname, 'kernelThread.ts')];
  return new Worker(files.map((file) => `require(${JSON.stringify(file)});`).join(''), { eval: true, workerData });
}
