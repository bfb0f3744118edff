import type { ClassInfo } from '../../src/protocol/events';
import type { BothClassifiers } from '../../src/protocol/metrics';
import type { RunView } from '../../src/protocol/runView';
import type { Classifier } from '../../src/protocol/words';
import { classesSeen } from './curves';
import { CLASSIFIER_WORDS } from './stageWords';
import { inPercent } from './format';
import type { Table } from './table';

/** Rows are true classes, columns predicted ones; entries count test images. */
export type Matrix = readonly (readonly number[])[];

/** The classes seen after a phase, in the order of the matrix. */
export const classesAfter = (view: RunView, phase: number): ClassInfo[] =>
  view.plan.phases.filter((p) => p.phase <= phase).flatMap((p) => p.classes);

/** Places between two phases' classes, from the first row. */
export const phaseBorders = (view: RunView, phase: number): number[] => classesSeen(view).slice(0, phase);

export const rowTotal = (matrix: Matrix, row: number): number => (matrix[row] ?? []).reduce((a, b) => a + b, 0);

/** Share of each true class's images that went to each predicted class, 0 … 1. */
export function sharesOf(matrix: Matrix): Matrix {
  return matrix.map((row, i) => {
    const total = rowTotal(matrix, i);
    return row.map((count) => (total > 0 ? count / total : 0));
  });
}

export function confusionTable(matrix: Matrix, classes: readonly ClassInfo[], classifier: Classifier, phase: number): Table {
  return {
    caption: `Test images by true class (rows) and predicted class (columns) after phase ${phase}, ${CLASSIFIER_WORDS[classifier]} classifier.`,
    columns: [{ title: 'True class' }, ...classes.map(({ name }) => ({ title: name }))],
    rows: matrix.map((row, i) => [classes[i]?.name ?? String(i), ...row]),
  };
}

export interface Mistake {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
  readonly share: number;
}

/** The mistakes that are made most often, as a share of the true class's images. */
export function worstMistakes(matrix: Matrix, classes: readonly ClassInfo[], most: number): Mistake[] {
  const name = (i: number) => classes[i]?.name ?? String(i);
  const shares = sharesOf(matrix);
  return matrix
    .flatMap((row, i) =>
      row.flatMap((count, j) =>
        i === j || count === 0 ? [] : [{ truth: name(i), predicted: name(j), count, share: shares[i]?.[j] ?? 0 }],
      ),
    )
    .sort((a, b) => b.share - a.share)
    .slice(0, most);
}

export interface ClassAccuracy {
  readonly name: string;
  /** Phase that brought the class. */
  readonly phase: number;
  readonly softmax: number;
  readonly nearestMean: number;
}

/** Accuracy of every class seen after a phase, by both classifiers. */
export function classAccuracies(view: RunView, phase: number, { softmax, nearestMean }: BothClassifiers): ClassAccuracy[] {
  const born = view.plan.phases.filter((p) => p.phase <= phase).flatMap((p) => p.classes.map((c) => ({ name: c.name, phase: p.phase })));
  return born.map((c, i) => ({ ...c, softmax: softmax.classAccuracies[i] ?? 0, nearestMean: nearestMean.classAccuracies[i] ?? 0 }));
}

export function classAccuracyTable(rows: readonly ClassAccuracy[], phase: number): Table {
  return {
    caption: `Accuracy of each class in % after phase ${phase}, in class order.`,
    columns: [
      { title: 'Class' },
      { title: 'Came in phase' },
      { title: 'softmax', format: inPercent },
      { title: 'nearest mean', format: inPercent },
    ],
    rows: rows.map(({ name, phase: born, softmax, nearestMean }) => [name, born, softmax, nearestMean]),
  };
}
