/** Images that can be written, normalised, into a batch. */
export interface ImageSource {
  readonly count: number;
  /** Writes image `i`, [H, W, C] float32 normalised, at `offset` of `target`. */
  write(i: number, target: Float32Array, offset: number): void;
}

/** Images of a data set by their numbers, normalised channel by channel: (value / 255 − mean) / std. */
export function byteImages(
  bytes: Uint8Array,
  size: number,
  chosen: ArrayLike<number>,
  { mean, std }: { readonly mean: readonly number[]; readonly std: readonly number[] },
): ImageSource {
  const channels = mean.length;
  // One division a value and channel, not one a pixel.
  const table = mean.map((m, c) => Float32Array.from({ length: 256 }, (_, value) => (value / 255 - m) / (std[c] ?? 1)));
  return {
    count: chosen.length,
    write(i, target, offset) {
      const start = (chosen[i] ?? 0) * size;
      for (let c = 0; c < channels; c++) {
        const lookup = table[c] as Float32Array;
        for (let p = c; p < size; p += channels) target[offset + p] = lookup[bytes[start + p] as number] as number;
      }
    },
  };
}

/** Images that are normalised floats already, [count, H, W, C], such as exemplars. */
export function floatImages(pixels: Float32Array, size: number): ImageSource {
  return {
    count: pixels.length / size,
    write: (i, target, offset) => target.set(pixels.subarray(i * size, (i + 1) * size), offset),
  };
}

/** Several sources one after the other. */
export function joined(...sources: readonly ImageSource[]): ImageSource {
  return {
    count: sources.reduce((total, source) => total + source.count, 0),
    write(i, target, offset) {
      let left = i;
      for (const source of sources) {
        if (left < source.count) return source.write(left, target, offset);
        left -= source.count;
      }
      throw new Error(`No image ${i}`);
    },
  };
}
