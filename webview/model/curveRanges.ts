import type { Series } from './curves';

const values = (series: readonly Pick<Series, 'points'>[]): number[] => series.flatMap((s) => s.points.map((p) => p.y));

/** From the ten below the lowest value to 100, so that curves of a good run don't lie flat on the top edge. */
export function accuracyRange(series: readonly Pick<Series, 'points'>[]): { min: number; max: number } {
  const lowest = Math.min(100, ...values(series));
  return { min: Math.max(0, Math.floor((lowest - 5) / 10) * 10), max: 100 };
}

/** Always holds 0, and at least ten points, so that noise about nothing doesn't look like forgetting. */
export function forgettingRange(series: readonly Pick<Series, 'points'>[]): { min: number; max: number } {
  const all = values(series);
  return { min: Math.floor(Math.min(0, ...all) / 5) * 5, max: Math.ceil(Math.max(10, ...all) / 5) * 5 };
}
