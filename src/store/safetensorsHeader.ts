import { runError, type LabError } from '../protocol/errors';
import { bytesOf, isDtype, type Dtype } from './dtypes';
import { findDuplicateKey } from './findDuplicateKey';
import { parseJson } from './parseJson';

/** Bytes before the header: its length as a little-endian 64-bit integer. */
export const LENGTH_BYTES = 8;
/** Longest header that is read. Real ones have some kilobytes; a longer one is an attack or not a safetensors file. */
export const MAX_HEADER_BYTES = 16 * 2 ** 20;
/** Most values in it: as many as 25 000 tensors have. Models of a trillion weights are cut into files of fewer. */
const MOST_HEADER_VALUES = 200_000;
/** Most names in the metadata: files have ten. */
const MOST_METADATA = 10_000;

/** Where a tensor lies; `begin` and `end` count bytes from the start of the file. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly fileBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, HeaderEntry>;
}

const REMEDY = 'the file is damaged or not a safetensors file, so write or download it again';
export const headerError = (file: string, problem: string, cause?: unknown): LabError =>
  runError(`${file} can't be read: ${problem}; ${REMEDY}.`, { cause });

/**
 * The header's length as the first eight bytes give it.
 * @throws LabError `run-folder` where it is too long for the file or for any honest header.
 */
export function parseHeaderLength(prefix: Uint8Array, fileBytes: number, file: string): number {
  if (fileBytes < LENGTH_BYTES || prefix.byteLength < LENGTH_BYTES)
    throw headerError(file, `it has ${fileBytes} bytes, too few for a header`);
  const length = new DataView(prefix.buffer, prefix.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    throw headerError(file, `its header would have ${length} bytes, more than the ${MAX_HEADER_BYTES} allowed`);
  if (LENGTH_BYTES + Number(length) > fileBytes)
    throw headerError(file, `its header would have ${length} bytes but the file has only ${fileBytes}`);
  return Number(length);
}

/**
 * Parses a header and checks all of it before any of it is used: names, dtypes, shape × dtype = span, tensors that follow
 * each other without gap or overlap and end where the file ends.
 * @param bytes the header without its length prefix
 * @throws LabError `run-folder` naming the file, the tensor and the number that is wrong.
 */
export function parseHeader(bytes: Uint8Array, fileBytes: number, file: string): SafetensorsHeader {
  const text = decodeText(bytes, file);
  const json = parseText(text, file);
  const dataStart = LENGTH_BYTES + bytes.byteLength;
  let metadata: Record<string, string> = {};
  const entries: HeaderEntry[] = [];
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') metadata = parseMetadata(value, file);
    else entries.push(parseEntry(name, value, dataStart, file));
  }
  // JSON.parse quietly keeps the last of two equal names: two readers could see two different files.
  const duplicate = findDuplicateKey(text);
  if (duplicate) throw headerError(file, `its header has the name "${duplicate.key}" twice`);
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = dataStart;
  for (const { name, begin, end } of entries) {
    if (begin !== expected) {
      const kind = begin > expected ? 'leaves a gap after' : 'overlaps';
      throw headerError(
        file,
        `tensor "${name}" ${kind} the tensor before it (it begins at byte ${begin - dataStart}, expected ${expected - dataStart})`,
      );
    }
    expected = end;
  }
  if (expected !== fileBytes) throw headerError(file, `its tensors end at byte ${expected} but the file has ${fileBytes}`);
  return { fileBytes, metadata, tensors: new Map(entries.map((entry) => [entry.name, entry])) };
}

function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw headerError(file, 'its header is not UTF-8', cause);
  }
}

function parseText(text: string, file: string): Record<string, unknown> {
  if (!text.startsWith('{')) throw headerError(file, 'its header does not begin with {');
  let value: unknown;
  try {
    value = parseJson(text, MOST_HEADER_VALUES);
  } catch (cause) {
    throw headerError(file, (cause as Error).message.replace(/^it/, 'its header'), cause);
  }
  if (!isObject(value)) throw headerError(file, 'its header is not a JSON object');
  return value;
}

function parseMetadata(value: unknown, file: string): Record<string, string> {
  if (!isObject(value)) throw headerError(file, '__metadata__ is not an object');
  const metadata: Record<string, string> = {};
  const names = Object.keys(value).length;
  if (names > MOST_METADATA) throw headerError(file, `its metadata has ${names} names, more than the ${MOST_METADATA} allowed`);
  for (const [key, text] of Object.entries(value)) {
    if (key === '__proto__') throw headerError(file, 'its metadata has the key "__proto__"');
    if (typeof text !== 'string') throw headerError(file, `metadata "${key}" is not a string`);
    metadata[key] = text;
  }
  return metadata;
}

function parseEntry(name: string, value: unknown, dataStart: number, file: string): HeaderEntry {
  const wrong = (problem: string) => headerError(file, `tensor "${name}" ${problem}`);
  if (name === '__proto__') throw wrong('has a name that is not allowed');
  if (!isObject(value)) throw wrong('is not described by an object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !isDtype(dtype)) throw wrong(`has the unknown dtype ${JSON.stringify(dtype)}`);
  if (!isCounts(shape)) throw wrong(`has the shape ${JSON.stringify(shape)}, which is not a list of sizes`);
  if (!isCounts(offsets) || offsets.length !== 2)
    throw wrong(`has the offsets ${JSON.stringify(offsets)}, which are not two byte positions`);
  const [begin = 0, end = 0] = offsets;
  if (end < begin) throw wrong(`ends at byte ${end}, before it begins at ${begin}`);
  // Zeros make any other size legal, yet a size product that overflows must not pass for a small one.
  let bytes = bytesOf(dtype);
  for (const size of shape) {
    bytes *= size;
    if (!Number.isSafeInteger(bytes)) throw wrong(`has the shape [${shape.join(', ')}], too large to exist`);
  }
  if (bytes !== end - begin) throw wrong(`has ${end - begin} bytes where ${dtype} [${shape.join(', ')}] needs ${bytes}`);
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
