import type { RunView } from '../../src/protocol/runView';
import type { Classifier } from '../../src/protocol/words';
import type { ChangeMark } from './changeMarks';
import { classesSeen, type Series } from './curves';
import { CLASSIFIER_WORDS } from './stageWords';
import type { Table } from './table';

const oneDigit = (value: number) => value.toFixed(1);

/** A row per phase, a column per line: the table twin of a chart. Settings that changed in a phase are in a column of their own, where any did. */
export function seriesTable(
  view: RunView,
  classifier: Classifier,
  what: string,
  series: readonly Pick<Series, 'label' | 'points'>[],
  changes: readonly ChangeMark[] = [],
): Table {
  const seen = classesSeen(view);
  const phases = [...new Set(series.flatMap((s) => s.points.map((p) => p.x)))].sort((a, b) => a - b);
  const at = (s: Pick<Series, 'points'>, phase: number) => s.points.find((p) => p.x === phase)?.y ?? null;
  const changedIn = (phase: number) => changes.filter((change) => change.phase === phase).map(({ text }) => text);
  const column = changes.length > 0;
  return {
    caption: `${what}, ${CLASSIFIER_WORDS[classifier]} classifier.`,
    columns: [
      { title: 'Phase' },
      { title: 'Classes seen' },
      ...series.map((s) => ({ title: s.label, format: oneDigit })),
      ...(column ? [{ title: 'Settings changed' }] : []),
    ],
    rows: phases.map((phase) => [
      phase,
      seen[phase] ?? null,
      ...series.map((s) => at(s, phase)),
      ...(column ? [changedIn(phase).join('; ') || null] : []),
    ]),
  };
}
