import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { Transform } from 'node:stream';
import { Parser, type ReadEntry } from 'tar';
import { dataError, LabError } from '../../protocol/errors';
import { entryPath, linkError } from './entryPath';
import type { ImportSource, SourceFile } from './source';

const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);
/** Folders, and what describes the member that follows. */
const PASSED_OVER = new Set([
  'Directory',
  'GNUDumpDir',
  'ExtendedHeader',
  'GlobalExtendedHeader',
  'OldExtendedHeader',
  'NextFileHasLongPath',
]);

/** A tar archive, packed with gzip or not, read once from its beginning to its end. */
export function tarSource(path: string): ImportSource {
  const { size: totalBytes } = statSync(path);
  let md5: string | null = null;
  return {
    path,
    totalBytes,
    neededBytes: totalBytes,
    md5: () => md5,
    async each(visit, onBytes, signal) {
      const hash = createHash('md5');
      const tap = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          onBytes(chunk.length);
          done(null, chunk);
        },
      });
      try {
        await unpack(path, tap, visit, signal);
      } catch (error) {
        if (error instanceof LabError || signal.aborted) throw error;
        throw tarError(path, error);
      }
      md5 = hash.digest('hex');
    },
  };
}

function unpack(path: string, tap: Transform, visit: (file: SourceFile) => Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const file = createReadStream(path, { highWaterMark: 1 << 20 });
    const visits: Promise<void>[] = [];
    let current: ReadEntry | null = null;
    let failed = false;
    const fail = (error: unknown) => {
      if (failed) return;
      failed = true;
      file.destroy();
      tap.destroy();
      // Who is reading the member learns it, and takes away what it has written, before the failure is told.
      current?.destroy(error as Error);
      void Promise.allSettled(visits).then(() => reject(error as Error));
    };
    const onReadEntry = (entry: ReadEntry) => {
      if (failed) return;
      current = entry;
      visits.push(visitEntry(entry, path, visit).catch(fail));
    };
    const parser = new Parser({ strict: true, onReadEntry });
    const onAbort = () => fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    file.once('error', fail);
    parser.on('error', fail);
    parser.on('end', () => {
      signal.removeEventListener('abort', onAbort);
      Promise.all(visits).then(() => resolve(), reject);
    });
    if (signal.aborted) return onAbort();
    file.pipe(tap).pipe(parser as unknown as NodeJS.WritableStream);
  });
}

async function visitEntry(entry: ReadEntry, archive: string, visit: (file: SourceFile) => Promise<void>): Promise<void> {
  const { type, size } = entry;
  if (!FILES.has(type)) {
    if (!PASSED_OVER.has(type)) throw linkError(entry.path, archive);
    entryPath(entry.path, archive);
    entry.resume();
    return;
  }
  const path = entryPath(entry.path, archive);
  await visit({ path, size, identity: `${size} ${entry.mtime?.getTime() ?? 0}`, content: entry });
  entry.resume();
}

function tarError(path: string, cause: unknown): LabError {
  const { message } = cause as Error;
  const short = /unexpected end|truncated/i.test(message);
  return dataError(
    short
      ? `${path} is cut short (${message}); get it again, complete.`
      : `${path} can't be read as a tar archive (${message}); get it again, or name the folder that it was unpacked to.`,
    { cause },
  );
}
