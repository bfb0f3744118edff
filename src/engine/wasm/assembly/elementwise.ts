import { read, take, write } from './simd';

/** Numbers that make one unit of work. */
const CHUNK = 16384;

/** dx = dy where x > 0, else 0. */
export function reluGradient(dy: usize, x: usize, dx: usize, count: i32, frames: usize, counter: usize): void {
  for (let start = take(counter) * CHUNK; start < count; start = take(counter) * CHUNK) {
    const end = (<usize>min(start + CHUNK, count)) << 2;
    for (let at = (<usize>start) << 2; at < end;) {
      const wide = at + 16 <= end;
      const passes = f32x4.gt(read(x + at, wide), f32x4.splat(0));
      write(dx + at, v128.and(read(dy + at, wide), passes), wide);
      at += wide ? 16 : 4;
    }
  }
}
