import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { dataError, toErrorInfo } from '../../protocol/errors';
import { decodeImage } from './decodeImage';
import { DecodedCache } from './decodedCache';
import type { ImageReply, ImageRequest, WorkerSettings } from './imageMessages';
import { viewImage } from './viewImage';

/** A worker thread: reads, decodes and crops the images that it is asked for, one after the other. */
const { cacheBytes } = workerData as WorkerSettings;
const cache = new DecodedCache(cacheBytes);

parentPort?.on('message', ({ id, path, view, crop }: ImageRequest) => {
  try {
    const image = cache.get(path) ?? cache.put(path, decodeImage(read(path), path));
    const pixels = viewImage(image, view, crop);
    parentPort?.postMessage({ id, pixels } satisfies ImageReply, [pixels.buffer]);
  } catch (error) {
    parentPort?.postMessage({ id, error: toErrorInfo(error) } satisfies ImageReply);
  }
});

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw dataError(`${path} can't be read (${(cause as NodeJS.ErrnoException).code}); make it readable or take it out of the folder.`, {
      cause,
    });
  }
}
