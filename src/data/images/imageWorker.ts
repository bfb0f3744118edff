import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { dataError, LabError, toErrorInfo } from '../../protocol/errors';
import { isSameStamp, stampOf, type FileStamp } from '../fileStamp';
import { decodeImage } from './decodeImage';
import { DecodedCache } from './decodedCache';
import type { ImageReply, ImageRequest, WorkerSettings } from './imageMessages';
import { viewImage } from './viewImage';

/** A worker thread: reads, decodes and crops the images that it is asked for, one after the other. */
const { cacheBytes } = workerData as WorkerSettings;
const cache = new DecodedCache(cacheBytes);

parentPort?.on('message', ({ id, path, view, crop, stamp }: ImageRequest) => {
  try {
    const key = `${path}\0${stamp?.size}\0${stamp?.mtimeMs}`;
    const image = cache.get(key) ?? cache.put(key, decodeImage(read(path, stamp), path));
    const pixels = viewImage(image, view, crop);
    parentPort?.postMessage({ id, pixels } satisfies ImageReply, [pixels.buffer]);
  } catch (error) {
    parentPort?.postMessage({ id, error: toErrorInfo(error) } satisfies ImageReply);
  }
});

function read(path: string, stamp: FileStamp | null): Uint8Array {
  try {
    const bytes = readFileSync(path);
    if (stamp && !isSameStamp(stampOf(path), stamp))
      throw dataError(`${path} was changed while the run went on; restore it, then resume the run.`);
    return bytes;
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw dataError(`${path} can't be read (${(cause as NodeJS.ErrnoException).code}); make it readable or take it out of the folder.`, {
      cause,
    });
  }
}
