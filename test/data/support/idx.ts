/** An IDX file of a magic number, sizes and so many bytes of data. */
export function idx(magic: number, sizes: readonly number[], data: number | Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, typeof data === 'number' ? Buffer.alloc(data) : data]);
}
