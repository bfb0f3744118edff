import type { Classifier } from '../../src/protocol/words';
import { heatmap } from '../charts/heatmap';
import {
  classAccuracies,
  classAccuracyTable,
  classesAfter,
  confusionTable,
  phaseBorders,
  rowTotal,
  sharesOf,
  worstMistakes,
  type Matrix,
} from '../model/confusion';
import { percent, plural } from '../model/format';
import { fill, h, setText } from '../ui/h';
import { onlyWhenChanged } from '../ui/onlyWhenChanged';
import { section } from '../ui/section';
import { segmented } from '../ui/segmented';
import { tableTwin } from '../ui/tableTwin';
import type { Tooltip } from '../ui/tooltip';
import { classBars } from './classBars';
import { runPicker } from './runPicker';
import type { RunRef } from './runRef';

export interface ClassesState {
  confusionOf: Classifier;
  confusionTable: boolean;
  classTable: boolean;
}

export type ConfusionMatrices = Readonly<Record<Classifier, Matrix>>;

export interface ClassesOptions {
  readonly tooltip: Tooltip;
  readonly kept: Partial<ClassesState>;
  keep(change: Partial<ClassesState>): void;
  /** Asks for the matrices of a run's phase, which come by `setMatrices`. */
  request(run: number, phase: number): void;
}

export interface ClassesView {
  readonly element: HTMLElement;
  show(runs: readonly RunRef[]): void;
  setMatrices(run: number, phase: number, matrices: ConfusionMatrices | null, error: string | null): void;
  /** What was read before an interruption is read again. */
  forget(run: number, phase: number): void;
}

/** Which classes are taken for which, and how well each is known, by both classifiers. */
export function classesView({ tooltip, kept, keep, request }: ClassesOptions): ClassesView {
  let classifier: Classifier | null = kept.confusionOf ?? null;
  let shown: readonly RunRef[] = [];
  const matrices = new Map<string, ConfusionMatrices | string>();
  const asked = new Set<string>();
  const picker = runPicker('Classes', () => draw());
  const choice = segmented(
    'Classifier of the confusion matrix',
    [
      { value: 'softmax', label: 'softmax' },
      { value: 'nearestMean', label: 'nearest mean' },
    ],
    'softmax',
    (value) => {
      classifier = value as Classifier;
      keep({ confusionOf: classifier });
      draw();
    },
  );
  const map = heatmap(tooltip);
  const mistakes = h('ol', { class: 'mistakes' });
  const empty = h('p', { class: 'empty' });
  const message = h('p', { class: 'quiet' });
  const twin = tableTwin('Confusion matrix', kept.confusionTable ?? false, (open) => keep({ confusionTable: open }));
  const bars = classBars();
  const barsTwin = tableTwin('Accuracy of each class', kept.classTable ?? false, (open) => keep({ classTable: open }));
  const picture = h(
    'div',
    { class: 'confusion-picture' },
    h('div', { class: 'confusion-axes' }, h('span', { class: 'axis-true quiet' }, 'true class →'), map.element),
    h('p', { class: 'quiet axis-predicted' }, 'predicted class →'),
  );
  const mistakesTitle = h('h4', {}, 'Most frequent mistakes');
  const confusion = h(
    'div',
    { class: 'curve-panel' },
    h('div', { class: 'panel-head' }, h('h3', {}, 'Confusion matrix'), choice.element, twin.controls),
    message,
    h('div', { class: 'confusion-body' }, picture, h('div', {}, mistakesTitle, mistakes)),
    twin.element,
  );
  const accuracy = h(
    'div',
    { class: 'curve-panel' },
    h('div', { class: 'panel-head' }, h('h3', {}, 'Accuracy of each class, %'), barsTwin.controls),
    bars.element,
    barsTwin.element,
  );
  const body = h('div', { class: 'classes-body' }, confusion, accuracy);

  const draw = () => {
    const picked = picker.pick(shown, (view) => view.phases.filter((p) => p.evaluation !== null).map((p) => p.phase));
    if (!picked) return;
    const { ref, index, phase } = picked;
    const evaluation = ref.view.phases.find((p) => p.phase === phase)?.evaluation ?? null;
    empty.hidden = evaluation !== null;
    body.hidden = evaluation === null;
    setText(empty, 'No phase has been tested yet: the classes appear when phase 0 has been.');
    if (phase === null || evaluation === null) return;
    const rows = classAccuracies(ref.view, phase, evaluation);
    bars.show(rows);
    barsTwin.show(classAccuracyTable(rows, phase));
    const key = keyOf(index, phase);
    const read = matrices.get(key);
    if (read === undefined && !asked.has(key)) {
      asked.add(key);
      request(index, phase);
    }
    const of = classifier ?? ref.view.headline;
    choice.select(of);
    picture.hidden = mistakesTitle.hidden = mistakes.hidden = read === undefined || typeof read === 'string';
    setText(message, read === undefined ? 'Reading the confusion matrix …' : typeof read === 'string' ? read : '');
    message.hidden = message.textContent === '';
    if (read !== undefined && typeof read !== 'string') drawMatrix(ref, phase, of, read[of]);
  };

  const drawMatrix = ({ view }: RunRef, phase: number, of: Classifier, matrix: Matrix) => {
    const classes = classesAfter(view, phase);
    const name = (i: number) => classes[i]?.name ?? String(i);
    const worst = worstMistakes(matrix, classes, 6);
    const shares = sharesOf(matrix);
    const share = (row: number, column: number) => shares[row]?.[column] ?? 0;
    map.show({
      size: matrix.length,
      strength: share,
      name,
      borders: phaseBorders(view, phase),
      text: (row, column) => (share(row, column) > 0 ? (100 * share(row, column)).toFixed(0) : ''),
      describe: (row, column) => [
        row === column ? `${name(row)}, rightly` : `${name(row)} taken for ${name(column)}`,
        `${percent(share(row, column))}: ${matrix[row]?.[column] ?? 0} of ${plural(rowTotal(matrix, row), 'test image')}`,
      ],
      summary: `Confusion matrix of ${plural(matrix.length, 'class', 'classes')} after phase ${phase}; colours are shares of the true class. The table has the counts; arrow keys read single cells.`,
    });
    twin.show(confusionTable(matrix, classes, of, phase));
    mistakesTitle.hidden = worst.length === 0;
    fill(
      mistakes,
      ...worst.map(({ truth, predicted, count, share }) =>
        h('li', {}, `${truth} → ${predicted} · `, h('span', { class: 'quiet' }, `${percent(share, 0)}, ${plural(count, 'image')}`)),
      ),
    );
  };
  const drawFor = onlyWhenChanged(draw);
  return {
    element: section('classes', 'Classes', [picker.element], empty, body),
    show(runs) {
      shown = runs;
      drawFor(runs.flatMap(({ view }) => [view.runId, ...view.phases.map((p) => p.evaluation)]));
    },
    setMatrices(run, phase, read, error) {
      matrices.set(keyOf(run, phase), read ?? error ?? 'The confusion matrix could not be read.');
      draw();
    },
    forget(run, phase) {
      matrices.delete(keyOf(run, phase));
      asked.delete(keyOf(run, phase));
    },
  };
}

const keyOf = (run: number, phase: number): string => `${run}:${phase}`;
