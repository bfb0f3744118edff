import type fc from 'fast-check';
import { float32, int32, type TensorData } from '../../../src/store/dtypes';
import { encodeSafetensors } from '../../../src/store/encodeSafetensors';
import { mutatedJson } from './json';

export const safetensors = (tensors: Readonly<Record<string, TensorData>>, metadata: Readonly<Record<string, string>> = {}): Buffer =>
  Buffer.concat(encodeSafetensors(new Map(Object.entries(tensors)), metadata));

/** A model's file, one with every kind of element, and an empty one. */
export const checkpoints = (): Buffer[] => [
  safetensors(
    { 'conv1.weight': float32([2, 1, 3, 3], new Float32Array(18).fill(0.5)), 'fc.bias': float32([2], Float32Array.of(1, NaN)) },
    { format: 'pt', classNames: '["a","b"]' },
  ),
  safetensors({
    f64: { dtype: 'F64', shape: [2], data: Float64Array.of(1, -Infinity) },
    f16: { dtype: 'F16', shape: [1, 2], data: Uint16Array.of(0x3c00, 0x7c01) },
    bf16: { dtype: 'BF16', shape: [], data: Uint16Array.of(0x3f80) },
    i64: { dtype: 'I64', shape: [1], data: BigInt64Array.of(-1n) },
    u64: { dtype: 'U64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
    i8: { dtype: 'I8', shape: [0, 3], data: new Int8Array(0) },
    bool: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(0, 1, 1) },
    f8: { dtype: 'F8_E4M3', shape: [1], data: Uint8Array.of(7) },
  }),
  safetensors({}),
];

/** What an exemplar file of a phase has. */
export const exemplarFile = (): Buffer =>
  safetensors(
    {
      before: float32(
        [2, 2, 2, 1],
        Float32Array.from({ length: 8 }, (_, i) => i / 8),
      ),
      after: float32(
        [2, 2, 2, 1],
        Float32Array.from({ length: 8 }, (_, i) => i / 9),
      ),
      labels: int32([2], Int32Array.of(9, 8)),
      classes: int32([2], Int32Array.of(0, 1)),
    },
    { phase: '0', mean: '[0.1307]', std: '[0.3081]', classNames: '["nine","eight"]' },
  );

/** A header's text and the length that it then has before a file's data. */
function framed(header: string, data: Uint8Array): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.byteLength));
  return Buffer.concat([length, text, data]);
}

/** Files whose header is changed in its structure while its length stays right, before the data that belonged to it. */
export function mutatedHeaders(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const parts = files.map((file) => {
    const bytes = Buffer.from(file);
    const end = 8 + Number(bytes.readBigUInt64LE());
    return { header: JSON.parse(bytes.toString('utf8', 8, end)) as Record<string, unknown>, data: bytes.subarray(end) };
  });
  // The data is found again by a mark that the mutations may change, too: then it is that of the first file.
  const marked = parts.map(({ header }, i) => ({
    ...header,
    __metadata__: { ...(header['__metadata__'] as object | undefined), which: String(i) },
  }));
  return mutatedJson(marked).map((header) =>
    framed(header, parts[Number(/"which":"(\d)"/.exec(header)?.[1] ?? 0)]?.data ?? Buffer.alloc(0)),
  );
}
