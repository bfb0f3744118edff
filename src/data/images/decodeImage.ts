import { decode } from 'jpeg-js';
import { PNG } from 'pngjs';
import { dataError } from '../../protocol/errors';
import { readJpegHeader } from './jpegHeader';
import { orient } from './orient';
import { assertUnpacks, readPngHeader } from './pngHeader';
import type { Raster } from './resample';

/** Larger images are more likely damaged than meant. */
const MOST_PIXELS = 100e6;
/**
 * A few bytes can say that they are a hundred megapixels. What decoding takes, some forty bytes a pixel at most, stays below 64 MiB up to this size; a
 * larger image must have a file to match. Photographs have a bit or more for each pixel.
 */
const FREE_PIXELS = 1.5e6;
const PIXELS_PER_BYTE = 16;
/** As jpeg-js counts, which leaves out half. */
const JPEG_BYTES_PER_PIXEL = 24;

const mostPixels = (fileBytes: number): number => Math.min(MOST_PIXELS, Math.max(FREE_PIXELS, PIXELS_PER_BYTE * fileBytes));

export type ImageKind = 'JPEG' | 'PNG';

/** Tells an image by its first bytes: endings lie (ImageNet has a PNG that is called .JPEG). */
export function imageKind(bytes: Uint8Array): ImageKind | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'JPEG';
  return bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47 ? 'PNG' : null;
}

/**
 * Decodes a JPEG (baseline or progressive; grey, YCbCr, RGB, and CMYK as Adobe writes it) or PNG (any kind) to 8-bit RGB. Turned as its EXIF
 * orientation says; grey becomes three equal channels; transparency is left out, as Pillow's `convert('RGB')` does.
 * @param path for messages
 * @throws LabError `data-invalid` naming the file.
 */
export function decodeImage(bytes: Uint8Array, path: string): Raster<Uint8Array> {
  const kind = imageKind(bytes);
  if (!kind)
    throw dataError(
      `${path} is no JPEG and no PNG image (${bytes.length} bytes); convert it to one of these or take it out of the folder.`,
    );
  try {
    return kind === 'JPEG' ? decodeJpeg(bytes) : decodePng(bytes);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw dataError(
      `${path} can't be decoded as a ${kind} image: ${problem.replace(/\.$/, '')}; replace it or take it out of the folder.`,
      {
        cause,
      },
    );
  }
}

function decodeJpeg(bytes: Uint8Array): Raster<Uint8Array> {
  const header = readJpegHeader(bytes);
  if (!header || !hasEnd(bytes, 'JPEG')) throw new Error('it is cut short');
  if (header.components === 4 && header.adobeTransform === null) throw new Error("it is CMYK without Adobe's marker; convert it to RGB");
  const most = mostPixels(bytes.length);
  const { width, height, data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: most / 1e6,
    maxMemoryUsageInMB: (most * JPEG_BYTES_PER_PIXEL) / 2 ** 20,
    // Without this, three components that Adobe's marker calls RGB would be taken for YCbCr.
    ...(header.components === 3 && header.adobeTransform === 0 ? { colorTransform: false } : {}),
  });
  return orient({ width, height, channels: 3, pixels: data }, header.orientation);
}

const ENDS: Readonly<Record<ImageKind, Buffer>> = { JPEG: Buffer.from([0xff, 0xd9]), PNG: Buffer.from('IEND') };

/** Has a complete file, or the end of one, what stands at the end of an image? In a JPEG, after its pixels: an embedded thumbnail has an end of its own. */
export function hasEnd(bytes: Uint8Array, kind: ImageKind): boolean {
  const begin = kind === 'JPEG' && imageKind(bytes) === 'JPEG' ? (readJpegHeader(bytes)?.scanAt ?? bytes.length) : 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(ENDS[kind]) >= begin;
}

function decodePng(bytes: Uint8Array): Raster<Uint8Array> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readPngHeader(file);
  if (header.width * header.height > mostPixels(file.length))
    throw new Error(`${header.width} × ${header.height} pixels are more than the ${file.length} bytes of its file can show`);
  if (header.interlaced) assertUnpacks(header);
  const { width, height, data } = PNG.sync.read(file);
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = data[4 * i + c] as number;
  return { width, height, channels: 3, pixels };
}
