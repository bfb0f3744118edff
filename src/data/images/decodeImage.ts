import { decode } from 'jpeg-js';
import { PNG } from 'pngjs';
import { dataError } from '../../protocol/errors';
import { readJpegHeader } from './jpegHeader';
import { orient } from './orient';
import type { Raster } from './resample';

/** Larger images are more likely damaged than meant. */
const MAX_MEGAPIXELS = 100;
const MAX_MEMORY_MB = 2048;

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
  const { width, height, data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_MEGAPIXELS,
    maxMemoryUsageInMB: MAX_MEMORY_MB,
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
  if (file.length < 24 || file.readUInt32BE(16) * file.readUInt32BE(20) > MAX_MEGAPIXELS * 1e6)
    throw new Error(`its size is missing or above ${MAX_MEGAPIXELS} megapixels`);
  const { width, height, data } = PNG.sync.read(file);
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = data[4 * i + c] as number;
  return { width, height, channels: 3, pixels };
}
