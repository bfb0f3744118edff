import type { ClassInfo } from '../../src/protocol/events';
import type { BothClassifiers } from '../../src/protocol/metrics';
import type { RunView } from '../../src/protocol/runView';
import type { Classifier } from '../../src/protocol/words';
import { CLASSIFIER_WORDS } from './stageWords';
import type { Table } from './table';

/** Rows are true classes, columns predicted ones; entries count test images. */
export type Matrix = readonly (readonly number[])[];

/** The classes seen after a phase, in the order of the matrix. */
export const classesAfter = (view: RunView, phase: number): ClassInfo[] =>
  view.plan.phases.filter((p) => p.phase <= phase).flatMap((p) => p.classes);

/** Places between two phases' classes, from the first row. */
export function phaseBorders(view: RunView, phase: number): number[] {
  let seen = 0;
  return view.plan.phases.filter((p) => p.phase < phase).map((p) => (seen += p.classes.length));
}

export const rowTotal = (matrix: Matrix, row: number): number => (matrix[row] ?? []).reduce((a, b) => a + b, 0);

/** Share of a true class's images that went to a predicted class, 0 … 1. */
export function shareOf(matrix: Matrix, row: number, column: number): number {
  const total = rowTotal(matrix, row);
  return total > 0 ? (matrix[row]?.[column] ?? 0) / total : 0;
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
  return matrix
    .flatMap((row, i) =>
      row.flatMap((count, j) =>
        i === j || count === 0 ? [] : [{ truth: name(i), predicted: name(j), count, share: shareOf(matrix, i, j) }],
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
  const oneDigit = (fraction: number) => (fraction * 100).toFixed(1);
  return {
    caption: `Accuracy of each class in % after phase ${phase}, in class order.`,
    columns: [
      { title: 'Class' },
      { title: 'Came in phase' },
      { title: 'softmax', format: oneDigit },
      { title: 'nearest mean', format: oneDigit },
    ],
    rows: rows.map(({ name, phase: born, softmax, nearestMean }) => [name, born, softmax, nearestMean]),
  };
}
