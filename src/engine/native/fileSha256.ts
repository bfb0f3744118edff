import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** sha256 of a file of any size, in hex. */
export async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** The same at once, for a small one. */
export const fileSha256Sync = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
