import { dataError } from '../protocol/errors';
import type { DataFile } from './readDataFile';

/** Arrays of unsigned bytes are the only ones that image data sets use. */
const UNSIGNED_BYTE = 0x08;

/** An array of an IDX file: a view of the file's bytes. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Parses an IDX file of unsigned bytes (the format of MNIST: two zero bytes, type, rank, sizes as big-endian 32-bit
 * integers, elements).
 * @param rank 3 for images [n, H, W], 1 for labels [n]
 * @throws LabError `data-invalid` naming the file, what was expected and what was found.
 */
export function parseIdx({ path, bytes }: DataFile, rank: number): IdxArray {
  const wrong = (expected: string, found: string) =>
    dataError(`${path} is not the IDX file it should be: expected ${expected}, found ${found}; download it again or correct dataPath.`);
  const headerBytes = 4 + 4 * rank;
  if (bytes.byteLength < headerBytes) throw wrong(`at least ${headerBytes} bytes`, `${bytes.byteLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const expectedMagic = (UNSIGNED_BYTE << 8) | rank;
  if (magic !== expectedMagic) throw wrong(`magic number ${hex(expectedMagic)}`, hex(magic));
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const length = headerBytes + shape.reduce((product, size) => product * size, 1);
  if (bytes.byteLength !== length) throw wrong(`${length} bytes for the size ${shape.join(' × ')}`, `${bytes.byteLength} bytes`);
  if (shape.includes(0)) throw wrong('data', `the empty size ${shape.join(' × ')}`);
  return { shape, data: bytes.subarray(headerBytes) };
}

const hex = (magic: number): string => `0x${magic.toString(16).padStart(8, '0')}`;
