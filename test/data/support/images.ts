import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encode } from 'jpeg-js';
import { PNG } from 'pngjs';

/** Colour of a pixel, [red, green, blue]. */
export type Paint = (x: number, y: number) => readonly [number, number, number];

/** A PNG of 8-bit colour, or with transparency. */
export function png(width: number, height: number, paint: Paint, alpha = 255): Buffer {
  return PNG.sync.write(raster(width, height, paint, alpha), { colorType: alpha === 255 ? 2 : 6 });
}

/** A grey PNG. */
export function greyPng(width: number, height: number, value: (x: number, y: number) => number): Buffer {
  return PNG.sync.write(
    raster(width, height, (x, y) => [value(x, y), value(x, y), value(x, y)], 255),
    { colorType: 0 },
  );
}

function raster(width: number, height: number, paint: Paint, alpha: number): PNG {
  const image = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) image.data.set([...paint(i % width, Math.floor(i / width)), alpha], 4 * i);
  return image;
}

/** A baseline JPEG. */
export const jpeg = (width: number, height: number, paint: Paint, quality = 95): Buffer =>
  encode({ width, height, data: raster(width, height, paint, 255).data }, quality).data;

/** The same JPEG with an EXIF orientation, big-endian or little-endian. */
export function withOrientation(image: Buffer, orientation: number, little = false): Buffer {
  const tiff = Buffer.alloc(26);
  const [put16, put32] = little
    ? [tiff.writeUInt16LE.bind(tiff), tiff.writeUInt32LE.bind(tiff)]
    : [tiff.writeUInt16BE.bind(tiff), tiff.writeUInt32BE.bind(tiff)];
  tiff.write(little ? 'II' : 'MM');
  put16(42, 2);
  put32(8, 4);
  put16(1, 8);
  put16(0x0112, 10);
  put16(3, 12);
  put32(1, 14);
  put16(orientation, 18);
  return withSegment(image, 0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]));
}

/** The same JPEG with a segment after its beginning. */
export function withSegment(image: Buffer, marker: number, content: Buffer): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([image.subarray(0, 2), header, content, image.subarray(2)]);
}

/** Writes files below a folder, by their paths. @returns the folder */
export function writeTree(folder: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The files of a small set of two classes: `train` of each, `test` of each, PNG and JPEG in turn. */
export function smallSet(train = 6, test = 3, size = 20): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (const [part, count] of [
    ['train', train],
    ['val', test],
  ] as const) {
    ['cat', 'dog'].forEach((name, label) => {
      for (let i = 0; i < count; i++) {
        const paint: Paint = (x, y) => [(40 * i + 5 * x) % 256, (100 * label + 3 * y) % 256, (x * y + i) % 256];
        files[`${part}/${name}/${i}.${i % 2 ? 'jpg' : 'png'}`] = (i % 2 ? jpeg : png)(size + i, size, paint);
      }
    });
  }
  return files;
}
