import { statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { dataError, LabError } from '../../protocol/errors';
import { isDiskProblem } from './diskProblem';
import { entryPath, linkError } from './entryPath';
import type { ImportSource } from './source';

const UNIX = 3;
const TYPE_MASK = 0o170000;
const LINK = 0o120000;

/** A zip archive. */
export function zipSource(path: string): ImportSource {
  const { size: totalBytes } = statSync(path);
  return {
    path,
    totalBytes,
    neededBytes: totalBytes,
    md5: () => null,
    async each(visit, onBytes, signal) {
      try {
        const zip = await openPromise(path);
        try {
          for await (const entry of zip.eachEntry()) {
            signal.throwIfAborted();
            if (isLink(entry)) throw linkError(entry.fileName, path);
            const name = entryPath(entry.fileName, path);
            const { uncompressedSize: size } = entry;
            if (!entry.fileName.endsWith('/'))
              await visit({ path: name, size, identity: `${size} ${entry.crc32}`, content: content(zip, entry, path) });
            onBytes(entry.compressedSize);
          }
        } finally {
          zip.close();
        }
      } catch (error) {
        if (error instanceof LabError || signal.aborted || isDiskProblem(error)) throw error;
        throw zipError(path, error);
      }
    },
  };
}

const isLink = ({ versionMadeBy, externalFileAttributes }: Entry): boolean =>
  versionMadeBy >> 8 === UNIX && ((externalFileAttributes >>> 16) & TYPE_MASK) === LINK;

async function* content(zip: ZipFile, entry: Entry, path: string): AsyncGenerator<Uint8Array> {
  let checksum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (checksum !== entry.crc32) throw dataError(`${path} is damaged: ${entry.fileName} doesn't match its checksum; get it again.`);
}

function zipError(path: string, cause: unknown): LabError {
  const { message } = cause as Error;
  const leadsOut = /^(absolute path|invalid relative path|invalid characters)/.test(message);
  return dataError(
    leadsOut
      ? `${path} has a member that leads out of the data folder (${message}); don't use this archive, get the published one.`
      : `${path} can't be read as a zip archive, it is damaged or cut short (${message}); get it again.`,
    { cause },
  );
}
