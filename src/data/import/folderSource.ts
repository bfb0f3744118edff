import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportSource, SourceFile } from './source';

/** Chosen files of a folder, as a source. @param paths relative to the folder, with `/` */
export function folderSource(folder: string, paths: readonly string[]): ImportSource {
  const files = paths.map((path) => ({ path, ...statSync(join(folder, path)) }));
  const totalBytes = files.reduce((total, { size }) => total + size, 0);
  return {
    path: folder,
    totalBytes,
    neededBytes: totalBytes,
    md5: () => null,
    async each(visit, onBytes, signal) {
      for (const { path, size, mtimeMs } of files) {
        signal.throwIfAborted();
        let read = 0;
        const content = counted(createReadStream(join(folder, path)) as AsyncIterable<Uint8Array>, (count) => {
          read += count;
          onBytes(count);
        });
        const file: SourceFile = { path, size, identity: `${size} ${mtimeMs}`, content };
        await visit(file);
        onBytes(size - read);
      }
    },
  };
}

async function* counted(content: AsyncIterable<Uint8Array>, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    onBytes(chunk.length);
    yield chunk;
  }
}
