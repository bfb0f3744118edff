import { multiplyAdd } from './simd';

/** 1 where multiply-add rounds once here, so that its results differ from those of a machine that rounds twice; else 0. */
export function roundsOnce(): i32 {
  const a = f32x4.splat(1.0 + 1.0 / 4096.0);
  // a² = 1 + 2⁻¹¹ + 2⁻²⁴: its last bit is lost where the product is rounded by itself.
  const rest = multiplyAdd(a, a, f32x4.splat(-(1.0 + 1.0 / 2048.0)));
  return f32x4.extract_lane(rest, 0) != 0 ? 1 : 0;
}
