import { inflateSync } from 'node:zlib';

/** What has to be known of a PNG file before it is decoded. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a pixel. */
  readonly bits: number;
  readonly interlaced: boolean;
  /** The packed pixels, a part for each chunk of them. */
  readonly packed: readonly Buffer[];
}

/** Samples of a pixel by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const SIGNATURE_BYTES = 8;
const HEADER_BYTES = 13;

/**
 * Walks a PNG file's chunks.
 * @throws Error whose message says what is wrong: chunks that don't follow each other, no header or two, a size of nothing
 */
export function readPngHeader(file: Buffer): PngHeader {
  const headers: Buffer[] = [];
  const packed: Buffer[] = [];
  for (let at = SIGNATURE_BYTES, type = ''; type !== 'IEND';) {
    if (at + 8 > file.length) throw new Error('it is cut short');
    const length = file.readUInt32BE(at);
    type = file.toString('latin1', at + 4, at + 8);
    const data = file.subarray(at + 8, at + 8 + length);
    if (data.length < length) throw new Error('it is cut short');
    if (type === 'IHDR') headers.push(data);
    if (type === 'IDAT') packed.push(data);
    at += 12 + length;
  }
  const [header, second] = headers;
  // A second one would be believed by the decoder.
  if (!header || second || header.length !== HEADER_BYTES) throw new Error('it has not the one header that an image has');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (width === 0 || height === 0) throw new Error('it has no pixels');
  return { width, height, bits: (header[8] ?? 0) * (SAMPLES[header[9] ?? 0] ?? 4), interlaced: header[12] !== 0, packed };
}

/** Most bytes that the rows of an image can take unpacked, each pass of an interlaced one with rows and ends of its own. */
const mostRowBytes = ({ width, height, bits }: PngHeader): number => Math.ceil((width * height * bits) / 8) + 4 * height + 4 * width + 64;

/** @throws Error where the pixels of an image would unpack to more than it has; the decoder finds it out afterwards */
export function assertUnpacks(header: PngHeader): void {
  try {
    inflateSync(Buffer.concat(header.packed), { maxOutputLength: mostRowBytes(header) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new Error('it holds more than its pixels', { cause });
    throw cause;
  }
}
