import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { PassThrough, Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

/** A zip file (a Python wheel is one) that is open, with the list of its members. */
export interface OpenZip {
  readonly file: string;
  readonly zip: ZipFile;
  readonly entries: readonly Entry[];
}

/** Opens a zip file for as long as it is used. @throws Error for what isn't one, is cut short or has a damaged member list */
export async function withZip<T>(file: string, use: (zip: OpenZip) => Promise<T>): Promise<T> {
  const zip = await openPromise(file, { autoClose: false });
  try {
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    return await use({ file, zip, entries });
  } finally {
    zip.close();
  }
}

const [STORED, DEFLATED] = [0, 8];
const CHUNK_BYTES = 1 << 20;
/** No list of a wheel's files is longer: TensorFlow's has 2 MB. */
const LONGEST_TEXT_BYTES = 1 << 26;

/** A member that is a text. @throws Error if it is damaged, or longer than any that is read here */
export async function readEntry({ zip }: OpenZip, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > LONGEST_TEXT_BYTES) throw new Error(`${entry.fileName} is said to have ${entry.uncompressedSize} bytes`);
  const content = await buffer(await zip.openReadStreamPromise(entry));
  assertChecksum(entry, crc32(content));
  return content.toString('utf8');
}

/**
 * Unpacks one member to `folder/<relativePath>`, streaming, and checks its size and checksum.
 * @returns its sha256 in base64url, as a wheel's RECORD has it
 * @throws Error if the member is damaged or its path would leave the folder
 */
export async function extractEntry(
  { file, zip }: OpenZip,
  entry: Entry,
  folder: string,
  relativePath: string,
  { onBytes, signal }: { readonly onBytes?: (count: number) => void; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const target = normalize(join(folder, relativePath));
  if (!target.startsWith(normalize(folder) + sep)) throw new Error(`${entry.fileName} is outside of its folder`);
  await mkdir(dirname(target), { recursive: true });
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw new Error(`${entry.fileName} is packed by a method that isn't read here (${compressionMethod})`);
  const hash = createHash('sha256');
  let [size, checksum] = [0, 0];
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if ((size += chunk.length) > uncompressedSize) return done(wrongSize(entry));
      hash.update(chunk);
      checksum = crc32(chunk, checksum);
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  // yauzl's own stream comes in pieces of 16 KiB: TensorFlow takes twice as long to unpack with it.
  const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = compressedSize > 0 ? createReadStream(file, { start, end: start + compressedSize - 1, highWaterMark: CHUNK_BYTES }) : [];
  const unpack = compressionMethod === DEFLATED ? createInflateRaw({ chunkSize: CHUNK_BYTES }) : new PassThrough();
  await pipeline(packed, unpack, checked, createWriteStream(target), signal ? { signal } : {});
  if (size !== uncompressedSize) throw wrongSize(entry);
  assertChecksum(entry, checksum);
  return hash.digest('base64url');
}

const wrongSize = (entry: Entry): Error => new Error(`${entry.fileName} doesn't have the size that is said of it`);

function assertChecksum(entry: Entry, checksum: number): void {
  if (checksum !== entry.crc32) throw new Error(`${entry.fileName} doesn't match its checksum`);
}
