import { bytesOf, elementCount, type TensorData } from './dtypes';
import { LENGTH_BYTES, MAX_HEADER_BYTES } from './safetensorsHeader';

/**
 * The parts of a safetensors file in their order: length and header, then each tensor's bytes (views of the given arrays,
 * not copies). Tensors are ordered by falling alignment, then name, as the format's own writer does; the header is padded
 * with spaces to a multiple of 8 bytes, so that the same tensors always give the same bytes.
 * @throws Error where a tensor's data has not the length that its shape says: a mistake of the caller.
 */
export function encodeSafetensors(tensors: ReadonlyMap<string, TensorData>, metadata: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const sorted = [...tensors].sort(([a, x], [b, y]) => bytesOf(y.dtype) - bytesOf(x.dtype) || (a < b ? -1 : 1));
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(['__metadata__', metadata]);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (name === '__metadata__' || name === '__proto__') throw new Error(`A tensor can't be named ${name}.`);
    if (data.length !== elementCount(shape)) throw new Error(`Tensor ${name} has ${data.length} elements for shape [${shape.join(', ')}].`);
    header.push([name, { dtype, shape, data_offsets: [offset, offset + data.byteLength] }]);
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  return [encodeHeader(header), ...parts];
}

function encodeHeader(header: readonly [string, unknown][]): Uint8Array {
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)), 'utf8');
  const padded = Math.ceil(json.byteLength / 8) * 8;
  if (padded > MAX_HEADER_BYTES) throw new Error(`A safetensors header of ${padded} bytes is longer than any reader accepts.`);
  const bytes = Buffer.alloc(LENGTH_BYTES + padded, ' ');
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(bytes, LENGTH_BYTES);
  return bytes;
}
