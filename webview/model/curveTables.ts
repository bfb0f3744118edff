import type { RunView } from '../../src/protocol/runView';
import type { Classifier } from '../../src/protocol/words';
import { classesSeen, type Series } from './curves';
import { CLASSIFIER_WORDS } from './stageWords';
import type { Table } from './table';

const oneDigit = (value: number) => value.toFixed(1);

/** A row per phase, a column per line: the table twin of a chart. */
export function seriesTable(
  view: RunView,
  classifier: Classifier,
  what: string,
  series: readonly Pick<Series, 'label' | 'points'>[],
): Table {
  const seen = classesSeen(view);
  const phases = [...new Set(series.flatMap((s) => s.points.map((p) => p.x)))].sort((a, b) => a - b);
  const at = (s: Pick<Series, 'points'>, phase: number) => s.points.find((p) => p.x === phase)?.y ?? null;
  return {
    caption: `${what}, ${CLASSIFIER_WORDS[classifier]} classifier.`,
    columns: [{ title: 'Phase' }, { title: 'Classes seen' }, ...series.map((s) => ({ title: s.label, format: oneDigit }))],
    rows: phases.map((phase) => [phase, seen[phase] ?? null, ...series.map((s) => at(s, phase))]),
  };
}
