import type { Raster } from './resample';

/** Decoded images by what tells their files apart, up to a number of bytes; what was used longest ago goes first. */
export class DecodedCache {
  private readonly images = new Map<string, Raster<Uint8Array>>();
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get(key: string): Raster<Uint8Array> | undefined {
    const image = this.images.get(key);
    if (!image) return undefined;
    // A map keeps the order of insertion: what is used moves to its end.
    this.images.delete(key);
    this.images.set(key, image);
    return image;
  }

  /** Keeps an image if it fits. @returns the image */
  put(key: string, image: Raster<Uint8Array>): Raster<Uint8Array> {
    if (image.pixels.byteLength > this.limit) return image;
    this.images.set(key, image);
    this.bytes += image.pixels.byteLength;
    for (const [oldest, { pixels }] of this.images) {
      if (this.bytes <= this.limit) break;
      this.images.delete(oldest);
      this.bytes -= pixels.byteLength;
    }
    return image;
  }
}
