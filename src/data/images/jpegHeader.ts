/** What has to be known of a JPEG file beside its pixels. */
export interface JpegHeader {
  /** EXIF orientation, 1 … 8; 1 where it isn't told. */
  readonly orientation: number;
  readonly components: number;
  /** Adobe's colour transform; null where it isn't told. */
  readonly adobeTransform: number | null;
  /** Where the pixels begin, in bytes. */
  readonly scanAt: number;
}

const START_OF_SCAN = 0xda;
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const ORIENTATION = 0x0112;

/** Walks a JPEG file's segments up to its pixels; null where they are not there. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [orientation, components] = [1, 0];
  let adobeTransform: number | null = null;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (marker === START_OF_SCAN) return { orientation, components, adobeTransform, scanAt: at };
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (FRAMES.has(marker)) components = segment[5] ?? 0;
    if (marker === 0xee && ascii(segment, 0, 5) === 'Adobe') adobeTransform = segment[11] ?? null;
    if (marker === 0xe1 && ascii(segment, 0, 4) === 'Exif') orientation = exifOrientation(segment.subarray(6)) ?? orientation;
    at += 2 + length;
  }
  return null;
}

/** The orientation in EXIF data (TIFF 6.0: byte order, then a directory of 12-byte entries). */
function exifOrientation(tiff: Uint8Array): number | null {
  const little = ascii(tiff, 0, 2) === 'II';
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  try {
    const directory = view.getUint32(4, little);
    const count = view.getUint16(directory, little);
    for (let i = 0; i < count; i++) {
      const entry = directory + 2 + 12 * i;
      if (view.getUint16(entry, little) !== ORIENTATION) continue;
      const value = view.getUint16(entry + 8, little);
      return value >= 1 && value <= 8 ? value : null;
    }
  } catch {
    // What a camera wrote wrongly says nothing of the pixels.
  }
  return null;
}

const ascii = (bytes: Uint8Array, from: number, length: number): string => String.fromCharCode(...bytes.subarray(from, from + length));
