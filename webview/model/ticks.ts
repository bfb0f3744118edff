/** Steps between ticks of a time axis that people count in. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Ticks of a time axis from 0 to `longest` seconds: at most about `wanted` of them. */
export function timeTicks(longest: number, wanted: number): number[] {
  if (!(longest > 0)) return [0];
  const step = STEPS.find((s) => longest / s <= wanted) ?? Math.ceil(longest / wanted / 86_400) * 86_400;
  return Array.from({ length: Math.floor(longest / step + 1e-9) + 1 }, (_, i) => i * step);
}
