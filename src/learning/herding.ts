import { meanOfRows, normalizedRows } from './features';

/**
 * Herding (iCaRL, algorithm 4): greedily the images whose running mean of L2-normalised features stays nearest to their
 * class's mean. The order is kept, so that a prefix is the smaller memory.
 * @param features [n, d] of one class
 * @returns `count` distinct row numbers, fewer where n is smaller
 */
export function herding(features: Float32Array, d: number, count: number): number[] {
  const normalized = normalizedRows(features, d);
  const n = normalized.length / d;
  const mean = meanOfRows(normalized, d, Array(n).keys());
  const total = new Float64Array(d);
  const chosen: number[] = [];
  const taken = new Set<number>();
  while (chosen.length < Math.min(count, n)) {
    let best = -1;
    let bestDistance = Infinity;
    for (let i = 0; i < n; i++) {
      if (taken.has(i)) continue;
      let distance = 0;
      for (let j = 0; j < d; j++) {
        const off = (mean[j] ?? 0) - ((total[j] ?? 0) + (normalized[i * d + j] ?? 0)) / (chosen.length + 1);
        distance += off * off;
      }
      if (distance < bestDistance) [best, bestDistance] = [i, distance];
    }
    if (best < 0) throw new Error('Herding met features that are not numbers');
    taken.add(best);
    chosen.push(best);
    for (let j = 0; j < d; j++) total[j] = (total[j] ?? 0) + (normalized[best * d + j] ?? 0);
  }
  return chosen;
}
