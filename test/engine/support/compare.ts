import assert from 'node:assert/strict';

type Values = ArrayLike<number>;

/** ‖a − b‖ / ‖b‖, or ‖a‖ where b is zero. */
export function relativeError(actual: Values, expected: Values): number {
  assert.equal(actual.length, expected.length, 'the number of values');
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] ?? Number.NaN, expected[i] ?? Number.NaN];
    difference += (a - b) ** 2;
    size += b ** 2;
  }
  return Math.sqrt(difference) / (Math.sqrt(size) || 1);
}

/** Fails unless the relative error is below a bound; NaN fails. */
export function assertClose(actual: Values, expected: Values, bound: number, what: string): void {
  const error = relativeError(actual, expected);
  assert.ok(error < bound, `${what}: relative error ${error}, allowed ${bound}`);
}

/** Fails unless all bits are equal. */
export function assertSameBits(
  actual: Float32Array | Int32Array | Uint8Array,
  expected: Float32Array | Int32Array | Uint8Array,
  what: string,
): void {
  const bytes = (values: typeof actual): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  assert.ok(bytes(actual).equals(bytes(expected)), `${what}: bits differ, relative error ${relativeError(actual, expected)}`);
}

/** Numbers in [-1, 1) from a seed: the same on every machine. */
export function noise(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    values[i] = state / 2 ** 31 - 1;
  }
  return values;
}
