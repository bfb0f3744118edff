import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.byteLength);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Writes every chunk's checksum anew, so that a reader looks at what was changed in them. */
export function withChecksums(bytes: Uint8Array): Buffer {
  const png = Buffer.from(bytes);
  for (let at = 8; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at);
    if (at + 12 + length > png.length) break;
    png.writeUInt32BE(crc32(png.subarray(at + 4, at + 8 + length)), at + 8 + length);
    at += 12 + length;
  }
  return png;
}

const size = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1000, 8000, 10_000, 65_535, 2 ** 31 - 1, 2 ** 32 - 1) },
);

/** Images of any size, depth, kind and interlacing that a header can tell, with as many zeros as it needs, more, or fewer. */
export const pngOfAnyHeader: fc.Arbitrary<Uint8Array> = fc
  .record({
    width: size,
    height: size,
    depth: fc.constantFrom(1, 2, 4, 8, 16, 3, 0),
    colour: fc.constantFrom(0, 2, 3, 4, 6, 1),
    interlace: fc.constantFrom(0, 1, 2),
    bytes: fc.oneof({ weight: 8, arbitrary: fc.nat(20_000) }, { weight: 1, arbitrary: fc.constant(100_000_000) }),
    filter: fc.nat(6),
    palette: fc.nat(800),
    transparent: fc.option(fc.uint8Array({ maxLength: 8 })),
  })
  .map(({ width, height, depth, colour, interlace, bytes, filter, palette, transparent }) => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width);
    header.writeUInt32BE(height, 4);
    header.set([depth, colour, 0, 0, interlace], 8);
    return Buffer.concat([
      PNG_SIGNATURE,
      pngChunk('IHDR', header),
      ...(colour === 3 ? [pngChunk('PLTE', Buffer.alloc(palette, 7))] : []),
      ...(transparent ? [pngChunk('tRNS', transparent)] : []),
      pngChunk('IDAT', zeros(bytes, filter)),
      pngChunk('IEND', Buffer.alloc(0)),
    ]);
  });

const large = new Map<number, Buffer>();

/** Packed bytes of one value; a hundred megabytes are packed once. */
function zeros(bytes: number, filter: number): Buffer {
  if (bytes < 1e6) return deflateSync(Buffer.alloc(bytes, filter));
  const packed = large.get(bytes) ?? deflateSync(Buffer.alloc(bytes), { level: 9 });
  large.set(bytes, packed);
  return packed;
}
