/** a · b + c in each lane. The build gives FUSED: 1 for relaxed SIMD's multiply-add, which rounds once where the CPU has it. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (FUSED) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Four numbers from there, or with `wide` false one, in the first lane. */
export function read(from: usize, wide: bool): v128 {
  return wide ? v128.load(from) : v128.load32_zero(from);
}

/** The counterpart of {@link read}. */
export function write(to: usize, value: v128, wide: bool): void {
  if (wide) v128.store(to, value);
  else v128.store32_lane(to, value, 0);
}

/** The next unit of work, counted in memory, so that every thread takes another one. */
export function take(counter: usize): i32 {
  return atomic.add<i32>(counter, 1);
}
