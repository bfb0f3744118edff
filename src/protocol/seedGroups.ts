import type { Config } from './config';

/** Runs that differ in nothing but their seed and their names. */
export interface SeedGroup<R> {
  readonly runs: readonly R[];
}

/**
 * Groups of two runs and more; the others are in none. In the order of their first runs. A seed counts once, by its first run: its replay, or
 * the same run once more, is no further sample.
 */
export function seedGroups<R extends { readonly view: { readonly config: Config } }>(runs: readonly R[]): SeedGroup<R>[] {
  const groups = new Map<string, R[]>();
  for (const run of runs) {
    const { seed, name: _name, $schema: _schema, ...same } = run.view.config;
    const key = JSON.stringify(Object.entries(same).sort(([a], [b]) => a.localeCompare(b)));
    const group = groups.get(key) ?? [];
    if (!group.some(({ view }) => view.config.seed === seed)) groups.set(key, [...group, run]);
  }
  return [...groups.values()].filter((group) => group.length > 1).map((group) => ({ runs: group }));
}

export interface Spread {
  readonly mean: number;
  /** Sample standard deviation, n − 1; null of a single value. */
  readonly deviation: number | null;
}

/** Mean and spread of the values that are known; null where none is. */
export function spread(values: readonly (number | null | undefined)[]): Spread | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return null;
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  if (known.length === 1) return { mean, deviation: null };
  return { mean, deviation: Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1)) };
}
