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

/** Accuracy over classes `from` … `to − 1`; 0 where there are no test images of them. */
function accuracyOf(confusion: Confusion, from: number, to: number): number {
  let [right, all] = [0, 0];
  for (let c = from; c < to; c++) {
    right += confusion[c]?.[c] ?? 0;
    all += (confusion[c] ?? []).reduce((a, b) => a + b, 0);
  }
  return all > 0 ? right / all : 0;
}

/** Accuracy over the classes that each phase brought. @param phaseSizes number of classes of each */
export function groupAccuracies(confusion: Confusion, phaseSizes: readonly number[]): number[] {
  let end = 0;
  return phaseSizes.map((size) => accuracyOf(confusion, end, (end += size)));
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
  const groups = groupAccuracies(confusion, phaseSizes);
  const accuracy = accuracyOf(confusion, 0, confusion.length);
  const firstPhaseAccuracy = groups[0] ?? 0;
  const accuracies = [...earlier.map((m) => m.accuracy), accuracy];
  return {
    accuracy,
    firstPhaseAccuracy,
    groupAccuracies: groups,
    classAccuracies: confusion.map((_, c) => accuracyOf(confusion, c, c + 1)),
    averageAccuracy: accuracies.reduce((a, b) => a + b, 0) / accuracies.length,
    paperForgetting: (earlier[0]?.firstPhaseAccuracy ?? firstPhaseAccuracy) - firstPhaseAccuracy,
    standardForgetting: standardForgetting(groups, earlier),
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
