/** An IDX file of a magic number, sizes and so many bytes of data. */
export function idx(magic: number, sizes: readonly number[], data: number | Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, typeof data === 'number' ? Buffer.alloc(data) : data]);
}

/** The four files of a small set: `count` images of `classes` classes in turn in both parts, square, each of one value. */
export function idxFiles(count: number, classes: number, size: number): Record<string, Uint8Array> {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  const images = Uint8Array.from({ length: count * size * size }, (_, i) => Math.floor(i / (size * size)) % 256);
  return {
    'train-images-idx3-ubyte': idx(0x803, [count, size, size], images),
    'train-labels-idx1-ubyte': idx(0x801, [count], labels),
    't10k-images-idx3-ubyte': idx(0x803, [count, size, size], images),
    't10k-labels-idx1-ubyte': idx(0x801, [count], labels),
  };
}
