import { continuedOn } from '../../protocol/engineDifferences';
import { NOTHING_MOVED, type BothClassifiers, type ClassifierMetrics } from '../../protocol/metrics';
import type { PhaseView, RunView } from '../../protocol/runView';
import { CLASSIFIERS, type Classifier } from '../../protocol/words';
import { duration, percent, significant, trainingSeconds } from './numbers';
import { learningTable } from './learningTable';
import { alignColumns } from './table';

/** How classifiers are called on a terminal. */
export const CLASSIFIER_NAMES: Readonly<Record<Classifier, string>> = { softmax: 'softmax', nearestMean: 'nearest mean' };

interface Column {
  readonly head: readonly [string, string];
  cell(phase: PhaseView, evaluation: BothClassifiers): string;
}

/** Where a run's files are, as they are to be shown. */
export interface ResultPlaces {
  readonly runDir: string;
  /** Null where no report was written. */
  readonly report: string | null;
}

/**
 * What a run reached, phase by phase, and below it the averages: accuracies and forgettings in per cent, by both
 * classifiers where the width allows, else forgetting by the headline's only.
 */
export function resultTable(view: RunView, places: ResultPlaces, width: number): string {
  const evaluated = view.phases.filter((phase) => phase.evaluation !== null);
  const both = tableOf(view, evaluated, CLASSIFIERS);
  const table = both.every((line) => [...line].length <= width) ? both : tableOf(view, evaluated, [view.headline]);
  const rows = evaluated.length > 0 ? [...table, ''] : ['No phase was evaluated.', ''];
  return [...rows, ...learningTable(view, width), ...summary(view, places), ''].join('\n');
}

function tableOf(view: RunView, evaluated: readonly PhaseView[], forgettingBy: readonly Classifier[]): string[] {
  const percentOf = (group: string, classifier: Classifier, value: (metrics: ClassifierMetrics) => number, from = 0): Column => ({
    head: [group, CLASSIFIER_NAMES[classifier]],
    cell: ({ phase }, evaluation) => (phase < from ? '–' : percent(value(evaluation[classifier]))),
  });
  const columns: Column[] = [
    { head: ['', 'phase'], cell: ({ phase }) => String(phase) },
    {
      head: ['classes', 'seen'],
      cell: ({ phase }) => String(view.phases.slice(0, phase + 1).reduce((sum, p) => sum + p.classes.length, 0)),
    },
    ...CLASSIFIERS.map((classifier) => percentOf('accuracy', classifier, (metrics) => metrics.accuracy)),
    // Nothing can be forgotten before phase 1.
    ...forgettingBy.map((classifier) => percentOf('paper F', classifier, (metrics) => metrics.paperForgetting, 1)),
    ...forgettingBy.map((classifier) => percentOf('standard F', classifier, (metrics) => metrics.standardForgetting, 1)),
    { head: ['exemplars', 'moved by'], cell: (phase) => movedBy(view, phase) },
  ];
  const body = evaluated.map((phase) => columns.map((column) => (phase.evaluation ? column.cell(phase, phase.evaluation) : '')));
  return alignColumns([columns.map(({ head }) => head[0]), columns.map(({ head }) => head[1]), ...body], 'r'.repeat(columns.length));
}

/** Mean |after − before| of a phase's exemplars in normalised pixels; said in words where learning did nothing. */
function movedBy(view: RunView, { exemplars }: PhaseView): string {
  if (view.config.exemplarMethod !== 'mnemonics' || exemplars === null) return '–';
  return exemplars.meanChange < NOTHING_MOVED ? 'nothing moved' : significant(exemplars.meanChange);
}

function summary(view: RunView, { runDir, report }: ResultPlaces): string[] {
  const last = view.phases.findLast((phase) => phase.evaluation !== null)?.evaluation;
  const average = (classifier: Classifier) =>
    `${CLASSIFIER_NAMES[classifier]} ${percent(last?.[classifier].averageAccuracy)} %${classifier === view.headline ? ` (headline of ${view.config.host})` : ''}`;
  const { engine, device } = view.engine;
  return alignColumns([
    ...(last ? [['Average accuracy Ā', CLASSIFIERS.map(average).join(', ')]] : []),
    ['Engine', [`${engine} (${device})`, ...view.engineChanges.map(continuedOn)].join(', ')],
    ['Time', duration(trainingSeconds(view))],
    ['Run folder', runDir],
    ...(report === null ? [] : [['Report', report]]),
  ]);
}
