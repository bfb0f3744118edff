/** How the elements of each safetensors dtype are held in memory. F16, BF16 and the 8-bit floats are held as their bits. */
export interface ArrayOf {
  F64: Float64Array;
  F32: Float32Array;
  F16: Uint16Array;
  BF16: Uint16Array;
  I64: BigInt64Array;
  I32: Int32Array;
  I16: Int16Array;
  I8: Int8Array;
  U64: BigUint64Array;
  U32: Uint32Array;
  U16: Uint16Array;
  U8: Uint8Array;
  BOOL: Uint8Array;
  F8_E4M3: Uint8Array;
  F8_E5M2: Uint8Array;
}
export type Dtype = keyof ArrayOf;

interface ArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): T;
}

/** Files and every platform that Node runs on are little-endian, so bytes and typed arrays coincide. */
export const ARRAYS: { readonly [D in Dtype]: ArrayConstructor<ArrayOf[D]> } = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
  F8_E4M3: Uint8Array,
  F8_E5M2: Uint8Array,
};

export const isDtype = (name: string): name is Dtype => Object.hasOwn(ARRAYS, name);

/** Bytes of one element. */
export const bytesOf = (dtype: Dtype): number => ARRAYS[dtype].BYTES_PER_ELEMENT;

/** A named array as it stands in a file; `data.length` is the product of `shape` (1 for a scalar's empty shape). Row-major. */
export type TensorData = { [D in Dtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: ArrayOf[D] } }[Dtype];

/** The number of elements of a shape. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A float32 tensor. */
export const float32 = (shape: readonly number[], data: Float32Array): TensorData => ({ dtype: 'F32', shape, data });
/** An int32 tensor. */
export const int32 = (shape: readonly number[], data: Int32Array): TensorData => ({ dtype: 'I32', shape, data });

/** An array over its own copy of bytes; a copy because a file's bytes need not be aligned. */
export function arrayOfBytes(dtype: Dtype, bytes: Uint8Array): ArrayOf[Dtype] {
  const aligned = new Uint8Array(bytes.byteLength);
  aligned.set(bytes);
  return new ARRAYS[dtype](aligned.buffer, 0, bytes.byteLength / bytesOf(dtype));
}
