import type { PhaseView, RunView } from '../../src/protocol/runView';
import { STAGES, type Stage } from '../../src/protocol/words';
import { duration } from './format';
import { STAGE_WORDS } from './stageWords';
import type { Table } from './table';

/** Training in phase 0 and later ones is one column: they are the same work. */
const COLUMN_OF = (stage: Stage): string => (stage === 'train' || stage === 'distil' ? 'Training' : STAGE_WORDS[stage].label);

/** Seconds of each stage of each phase, and of all; a stage that has not ended is unknown, one that a phase doesn't have is empty too. */
export function stageSecondsTable(view: RunView): Table {
  const columns = [...new Set(STAGES.filter((stage) => view.phases.some((p) => p.stages.some((s) => s.stage === stage))).map(COLUMN_OF))];
  const secondsOf = (phases: readonly PhaseView[], column: string | null): number | null => {
    const known = phases.flatMap((p) =>
      p.stages.filter((s) => column === null || COLUMN_OF(s.stage) === column).flatMap((s) => s.seconds ?? []),
    );
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
  };
  const row = (name: string | number, phases: readonly PhaseView[]) => [
    name,
    ...columns.map((column) => secondsOf(phases, column)),
    secondsOf(phases, null),
  ];
  const begun = view.phases.filter((p) => secondsOf([p], null) !== null);
  return {
    caption: 'Time at work in each stage, pauses left out.',
    columns: [{ title: 'Phase' }, ...[...columns, 'All'].map((title) => ({ title, format: duration }))],
    rows: begun.length === 0 ? [] : [...begun.map((p) => row(String(p.phase), [p])), row('all', begun)],
  };
}
