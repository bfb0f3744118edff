import { ARRAYS, type Dtype } from './dtypes';

/** Elements of a chunk as numbers. The buffer is aligned and holds exactly `count` elements. */
type Decode = (buffer: ArrayBuffer, count: number) => ArrayLike<number>;

/** How to read a dtype's elements as float64 numbers (64-bit integers are rounded); null for dtypes that aren't read as numbers. */
export function elementDecoder(dtype: Dtype): Decode | null {
  switch (dtype) {
    case 'F64':
    case 'F32':
    case 'I32':
    case 'I16':
    case 'I8':
    case 'U32':
    case 'U16':
    case 'U8':
    case 'BOOL':
      return (buffer, count) => new ARRAYS[dtype](buffer, 0, count);
    case 'I64':
    case 'U64':
      return (buffer, count) => Float64Array.from(new ARRAYS[dtype](buffer, 0, count), Number);
    case 'F16':
      return (buffer, count) => Float32Array.from(new Uint16Array(buffer, 0, count), (bits) => halfTable()[bits]!);
    case 'BF16':
      // The upper half of a float32.
      return (buffer, count) => new Float32Array(Uint32Array.from(new Uint16Array(buffer, 0, count), (bits) => bits << 16).buffer);
    case 'F8_E4M3':
    case 'F8_E5M2':
      return null;
  }
}

let table: Float32Array | undefined;

/** The float of each of the 65 536 half-precision bit patterns. */
function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
  return table;
}
