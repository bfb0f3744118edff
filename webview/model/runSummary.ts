import { continuedOn } from '../../src/protocol/engineDifferences';
import { PAPER_NOTE, paperFigures } from '../../src/protocol/paperFigures';
import type { RunView } from '../../src/protocol/runView';
import { latestMetrics } from '../../src/protocol/latestMetrics';
import { duration, inPercent } from './format';
import { RUN_STATE_WORDS } from './stageWords';
import type { Table } from './table';

/** What each run is and reached: a row per run. */
export function summaryTable(runs: readonly { title: string; view: RunView }[]): Table {
  const papers = runs.map(({ view }) => paperFigures(view.config, view.plan));
  const reported = papers.some((figures) => figures !== null);
  return {
    caption:
      'Accuracies in %, forgetting in percentage points. F and standard forgetting are those of the classifier of the host’s headline figure.',
    columns: [
      { title: 'Run' },
      { title: 'Method' },
      { title: 'State' },
      { title: 'Ā, softmax', format: inPercent },
      { title: 'Ā, nearest mean', format: inPercent },
      { title: 'F (paper)', format: inPercent },
      { title: 'Standard forgetting', format: inPercent },
      { title: 'Mean pixel change', format: (value) => value.toFixed(4) },
      { title: 'Time', format: duration },
      { title: 'Engine' },
      ...(reported
        ? [`Ā (${PAPER_NOTE})`, `F (${PAPER_NOTE})`].map((title) => ({ title, format: (value: number) => value.toFixed(1) }))
        : []),
    ],
    rows: runs.map(({ title, view }, i) => {
      const headline = latestMetrics(view, view.headline);
      return [
        title,
        `${view.config.host}, ${view.config.exemplarMethod}`,
        view.state === 'completed'
          ? RUN_STATE_WORDS[view.state]
          : `${RUN_STATE_WORDS[view.state]}, ${donePhases(view)} of ${view.phases.length} phases`,
        latestMetrics(view, 'softmax')?.averageAccuracy ?? null,
        latestMetrics(view, 'nearestMean')?.averageAccuracy ?? null,
        headline?.paperForgetting ?? null,
        headline?.standardForgetting ?? null,
        view.phases.findLast((p) => p.exemplars !== null)?.exemplars?.meanChange ?? null,
        workSeconds(view),
        [`${view.engine.engine}, ${view.engine.device}`, ...view.engineChanges.map(continuedOn)].join('; '),
        ...(reported ? [papers[i]?.averageAccuracy ?? null, papers[i]?.forgetting ?? null] : []),
      ];
    }),
  };
}

const donePhases = ({ phases }: RunView): number => phases.filter((p) => p.state === 'done').length;

/** Seconds at work: stages' own times, without pauses and interruptions. */
const workSeconds = ({ phases }: RunView): number =>
  phases.reduce((sum, p) => sum + p.stages.reduce((s, stage) => s + (stage.seconds ?? 0), 0), 0);

/** Every setting of the runs; with several, those that differ come first and are marked. */
export function settingsTable(runs: readonly { title: string; view: RunView }[]): Table {
  const names = [...new Set(runs.flatMap(({ view }) => Object.keys(view.config)))].filter(
    (name) => name !== '$schema' && name !== 'schemaVersion',
  );
  const text = (value: unknown): string => (value === undefined ? '–' : Array.isArray(value) ? value.join(', ') : String(value));
  const rows = names.map((name) => ({ name, values: runs.map(({ view }) => text(Reflect.get(view.config, name))) }));
  const differs = ({ values }: { values: string[] }) => new Set(values).size > 1;
  const ordered = [...rows.filter(differs), ...rows.filter((row) => !differs(row))];
  const mark = runs.length > 1;
  return {
    caption: mark ? 'Settings; those that differ come first.' : 'Settings, defaults filled in.',
    columns: [{ title: 'Setting' }, ...(mark ? [{ title: 'Differs' }] : []), ...runs.map(({ title }) => ({ title }))],
    rows: ordered.map((row) => [row.name, ...(mark ? [differs(row) ? 'yes' : 'no'] : []), ...row.values]),
  };
}
