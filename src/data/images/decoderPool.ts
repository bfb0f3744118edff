import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { dataError, LabError, type ErrorInfo } from '../../protocol/errors';
import type { ImageReply, ImageRequest, WorkerSettings } from './imageMessages';

/** Decoded images that all workers together keep, in bytes: about a thousand photographs of half a megapixel. */
const CACHE_BYTES = 512 * 2 ** 20;
const MAX_WORKERS = 8;

interface Pending {
  resolve(pixels: Uint8Array): void;
  reject(error: unknown): void;
}

/** One worker and what it has been asked for. It keeps the process alive only while it owes an answer. */
class Decoder {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private nextId = 0;

  constructor(settings: WorkerSettings) {
    this.worker = startWorker(settings);
    this.worker.unref();
    this.worker.on('message', (reply: ImageReply) => this.receive(reply));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', (code) => this.fail(new Error(`it ended with code ${code}`)));
  }

  read(request: Omit<ImageRequest, 'id'>): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      if (this.pending.size === 0) this.worker.ref();
      this.pending.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id } satisfies ImageRequest);
    });
  }

  private receive(reply: ImageReply): void {
    const waiting = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if (this.pending.size === 0) this.worker.unref();
    if ('error' in reply) waiting?.reject(asError(reply.error));
    else waiting?.resolve(reply.pixels);
  }

  /** A worker that failed is of no use any more: the next image starts new ones. */
  private fail(cause: Error): void {
    decoders = null;
    const error = dataError(
      `The images can't be decoded: a worker thread failed (${cause.message}); make memory free and resume the run.`,
      { cause },
    );
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}

const asError = ({ code, exitCode, message }: ErrorInfo): LabError => new LabError(code, exitCode, message);

/** Beside the bundle; in a checkout, the source beside this one, through the same loader of TypeScript as this one. */
function startWorker(workerData: WorkerSettings): Worker {
  const bundled = join(__dirname, 'imageWorker.js');
  if (existsSync(bundled)) return new Worker(bundled, { workerData });
  const files = [createRequire(__filename).resolve('tsx/cjs'), join(__dirname, 'imageWorker.ts')];
  return new Worker(files.map((file) => `require(${JSON.stringify(file)});`).join(''), { eval: true, workerData });
}

let decoders: Decoder[] | null = null;

/**
 * Reads an image as a square, in one of the worker threads: one fewer than the machine runs at once, since the engine takes the
 * rest.
 * @param shard says which worker: the same image always goes to the same one, which may have it decoded already
 * @returns [size, size, 3]
 * @throws LabError `data-invalid` naming the file.
 */
export function decodeInWorker(shard: number, request: Omit<ImageRequest, 'id'>): Promise<Uint8Array> {
  if (!decoders) {
    const count = Math.min(MAX_WORKERS, Math.max(1, availableParallelism() - 1));
    decoders = Array.from({ length: count }, () => new Decoder({ cacheBytes: CACHE_BYTES / count }));
  }
  return (decoders[shard % decoders.length] as Decoder).read(request);
}
