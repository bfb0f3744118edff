import { decodeInWorker } from './decoderPool';
import type { FileStamp } from '../fileStamp';
import type { View } from './viewImage';

/** Images that stay in their files until they are asked for; each becomes a square of one size. */
export class ImageFiles {
  constructor(
    /** Absolute. */
    readonly paths: readonly string[],
    readonly view: View,
    /** Of each file as it was when the data set was read, by path. */
    private readonly stamps: ReadonlyMap<string, FileStamp>,
  ) {}

  /**
   * Image `i`: the middle of it, or the random part that drawn numbers name.
   * @returns [size, size, 3], 0 … 255
   * @throws LabError `data-invalid` naming the file; also where it was changed since the data set was read.
   */
  read(i: number, crop: Float64Array | null = null): Promise<Uint8Array> {
    const path = this.paths[i];
    if (path === undefined) throw new Error(`No image ${i}`);
    return decodeInWorker(i, { path, view: this.view, crop, stamp: this.stamps.get(path) ?? null });
  }

  select(chosen: readonly number[]): ImageFiles {
    return new ImageFiles(
      chosen.map((i) => this.paths[i] ?? ''),
      this.view,
      this.stamps,
    );
  }
}
