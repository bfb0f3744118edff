import { createBrotliDecompress, createGunzip } from 'node:zlib';

/**
 * So many times its size a packed file may unpack to: images have a factor of two to six, MNIST's empty margins included. What unpacks to no more than
 * a part of memory that any machine has may be packed by any factor.
 */
const MOST_FACTOR = 20;
const FREE_BYTES = { gzip: 48 * 2 ** 20, brotli: 24 * 2 ** 20 };
const CHUNK_BYTES = 1 << 18;

/** The content of a gzip file. Its last four bytes tell its length, so that it is put where it stays. @throws Error */
export function gunzip(packed: Uint8Array): Promise<Uint8Array> {
  const told = packed.byteLength < 4 ? 0 : new DataView(packed.buffer, packed.byteOffset + packed.byteLength - 4).getUint32(0, true);
  return unpack(createGunzip({ chunkSize: CHUNK_BYTES }), packed, FREE_BYTES.gzip, told);
}

/** The content of a brotli file. @throws Error */
export const unbrotli = (packed: Uint8Array): Promise<Uint8Array> =>
  unpack(createBrotliDecompress({ chunkSize: CHUNK_BYTES }), packed, FREE_BYTES.brotli, 0);

async function unpack(stream: NodeJS.ReadWriteStream, packed: Uint8Array, free: number, expected: number): Promise<Uint8Array> {
  const most = Math.max(free, MOST_FACTOR * packed.byteLength);
  let content = new Uint8Array(Math.min(most, expected));
  let length = 0;
  stream.end(packed);
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    if (length + chunk.byteLength > most) throw new Error(`it would unpack to more than ${most} bytes, which no images of its size do`);
    if (length + chunk.byteLength > content.byteLength) {
      const grown = new Uint8Array(Math.min(most, Math.max(2 * content.byteLength, length + chunk.byteLength)));
      grown.set(content.subarray(0, length));
      content = grown;
    }
    content.set(chunk, length);
    length += chunk.byteLength;
  }
  return content.subarray(0, length);
}
