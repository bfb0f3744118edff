import type { Raster } from './resample';

/** Decoded images by path, up to a number of bytes; what was used longest ago goes first. */
export class DecodedCache {
  private readonly images = new Map<string, Raster<Uint8Array>>();
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get(path: string): Raster<Uint8Array> | undefined {
    const image = this.images.get(path);
    if (!image) return undefined;
    // A map keeps the order of insertion: what is used moves to its end.
    this.images.delete(path);
    this.images.set(path, image);
    return image;
  }

  /** Keeps an image if it fits. @returns the image */
  put(path: string, image: Raster<Uint8Array>): Raster<Uint8Array> {
    if (image.pixels.byteLength > this.limit) return image;
    this.images.set(path, image);
    this.bytes += image.pixels.byteLength;
    for (const [oldest, { pixels }] of this.images) {
      if (this.bytes <= this.limit) break;
      this.images.delete(oldest);
      this.bytes -= pixels.byteLength;
    }
    return image;
  }
}
