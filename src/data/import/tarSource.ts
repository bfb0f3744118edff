import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { Parser, type ReadEntry } from 'tar';
import { dataError, LabError } from '../../protocol/errors';
import { isDiskProblem } from './diskProblem';
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
      try {
        await unpack(path, visit, signal, (chunk) => {
          hash.update(chunk);
          onBytes(chunk.length);
        });
      } catch (error) {
        if (error instanceof LabError || signal.aborted || isDiskProblem(error)) throw error;
        throw tarError(path, error);
      }
      md5 = hash.digest('hex');
    },
  };
}

async function unpack(
  path: string,
  visit: (file: SourceFile) => Promise<void>,
  signal: AbortSignal,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  const visits: Promise<void>[] = [];
  let current: ReadEntry | null = null;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const onReadEntry = (entry: ReadEntry) => {
    current = entry;
    // Whoever reads the member gets its error, too.
    entry.on('error', fail);
    visits.push(visitEntry(entry, path, visit).catch(fail));
  };
  const parser = new Parser({ strict: true, onReadEntry });
  parser.on('error', fail);
  const ended = new Promise<void>((resolve) => parser.on('end', () => resolve()));
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      onChunk(chunk);
      if (!parser.write(chunk)) await Promise.race([failed, once(parser, 'drain')]);
    }
    parser.end();
    await Promise.race([failed, ended.then(() => Promise.all(visits))]);
  } catch (error) {
    // Who is reading a member learns it, and takes away what it has written, before the failure is told.
    (current as ReadEntry | null)?.destroy(error as Error);
    await Promise.allSettled(visits);
    throw error;
  }
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
