import type { ClassifierMetrics } from '../protocol/metrics';

/** Rows are true classes, columns predicted ones. */
export type Confusion = number[][];

/** Counts predictions by true class and predicted class. */
export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Confusion {
  const matrix: Confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) {
    const row = matrix[truth[i] ?? -1];
    const column = predicted[i] ?? -1;
    if (!row || row[column] === undefined) throw new Error(`Class index out of range at test image ${i}`);
    row[column] += 1;
  }
  return matrix;
}

/**
 * What a classifier reached after a phase (algorithm.md, Metrics).
 * @param confusion over the classes seen
 * @param phaseSizes number of classes that each phase so far brought
 * @param earlier the same classifier's metrics after each earlier phase, oldest first
 */
export function classifierMetrics(
  confusion: Confusion,
  phaseSizes: readonly number[],
  earlier: readonly ClassifierMetrics[],
): ClassifierMetrics {
  const accuracyOf = (from: number, to: number): number => {
    let [right, all] = [0, 0];
    for (let c = from; c < to; c++) {
      right += confusion[c]?.[c] ?? 0;
      all += (confusion[c] ?? []).reduce((a, b) => a + b, 0);
    }
    return all > 0 ? right / all : 0;
  };
  const starts = phaseSizes.map((_, phase) => phaseSizes.slice(0, phase).reduce((a, b) => a + b, 0));
  const groupAccuracies = phaseSizes.map((size, phase) => accuracyOf(starts[phase] ?? 0, (starts[phase] ?? 0) + size));
  const accuracy = accuracyOf(0, confusion.length);
  const firstPhaseAccuracy = groupAccuracies[0] ?? 0;
  const accuracies = [...earlier.map((m) => m.accuracy), accuracy];
  return {
    accuracy,
    firstPhaseAccuracy,
    groupAccuracies,
    classAccuracies: confusion.map((_, c) => accuracyOf(c, c + 1)),
    averageAccuracy: accuracies.reduce((a, b) => a + b, 0) / accuracies.length,
    paperForgetting: (earlier[0]?.firstPhaseAccuracy ?? firstPhaseAccuracy) - firstPhaseAccuracy,
    standardForgetting: standardForgetting(groupAccuracies, earlier),
  };
}

/** Mean over the groups of earlier phases of their best accuracy so far minus their accuracy now; 0 where there are none. */
function standardForgetting(now: readonly number[], earlier: readonly ClassifierMetrics[]): number {
  const old = now.slice(0, -1);
  if (old.length === 0) return 0;
  const losses = old.map((accuracy, group) => {
    const history = earlier.flatMap((m) => m.groupAccuracies[group] ?? []);
    return Math.max(accuracy, ...history) - accuracy;
  });
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}
