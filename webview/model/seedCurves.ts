import { seedGroups, spread, type Spread } from '../../src/protocol/seedGroups';
import type { RunView } from '../../src/protocol/runView';
import type { Classifier } from '../../src/protocol/words';
import { latestMetrics } from '../../src/protocol/latestMetrics';
import { comparedSeries, type OwnQuantity, type Point, type Series } from './curves';
import { inPercent } from './format';
import type { Table } from './table';

interface ComparedRun {
  readonly title: string;
  readonly view: RunView;
  readonly classifier: Classifier;
}

/** Runs that differ in their seed alone, as one line with what lies a standard deviation below and above it. */
export interface SeedCurve {
  readonly mean: Series;
  readonly low: Series;
  readonly high: Series;
  readonly runs: readonly ComparedRun[];
}

/** A curve for each group of seeds, at the phases that all of its runs have reached. */
export function seedCurves(runs: readonly ComparedRun[], quantity: OwnQuantity): SeedCurve[] {
  return seedGroups(runs).map(({ runs: group }, number) => {
    const lines = comparedSeries(group, quantity).map(({ points }) => points);
    const reached = Math.min(...lines.map((points) => points.length));
    const at = Array.from({ length: reached }, (_, i) => ({
      x: lines[0]?.[i]?.x ?? i,
      spread: spread(lines.map((points) => points[i]?.y)) ?? { mean: 0, deviation: null },
    }));
    const series = (id: string, value: (s: Spread) => number): Series => ({
      id: `seeds-${number}${id}`,
      label: seedLabel(group),
      quantity,
      group: null,
      run: runs.findIndex((run) => run === group[0]),
      points: at.map(({ x, spread: s }): Point => ({ x, y: value(s) })),
    });
    return {
      mean: series('', (s) => s.mean),
      low: series('-low', (s) => s.mean - (s.deviation ?? 0)),
      high: series('-high', (s) => s.mean + (s.deviation ?? 0)),
      runs: group,
    };
  });
}

/** `mean ± std of 3 seeds: icarl, mnemonics`. */
function seedLabel(group: readonly { readonly view: RunView }[]): string {
  const { host, exemplarMethod } = group[0]?.view.config ?? { host: '', exemplarMethod: '' };
  return `mean ± std of ${group.length} seeds: ${host}, ${exemplarMethod}`;
}

/** Mean and sample standard deviation over seeds of what finished runs reached; without rows where no two differ in their seed alone. */
export function seedTable(runs: readonly { readonly title: string; readonly view: RunView }[]): Table {
  const pair = (title: string) => [
    { title: `${title}, mean`, format: inPercent },
    { title: `${title}, std`, format: inPercent },
  ];
  const finished = runs.filter(({ view }) => view.state === 'completed');
  const cells = (found: Spread | null) => [found?.mean ?? null, found?.deviation ?? null];
  return {
    caption: 'Runs that differ in their seed alone: means and sample standard deviations, in % and percentage points.',
    columns: [
      { title: 'Method' },
      { title: 'Seeds' },
      ...['Ā, softmax', 'Ā, nearest mean', 'F (paper)', 'Standard forgetting'].flatMap(pair),
    ],
    rows: seedGroups(finished).map(({ runs: group }) => {
      const views = group.map(({ view }) => view);
      const headline = views.map((view) => latestMetrics(view, view.headline));
      const { host, exemplarMethod } = views[0]?.config ?? { host: '', exemplarMethod: '' };
      return [
        `${host}, ${exemplarMethod}`,
        views.map(({ config }) => config.seed).join(', '),
        ...cells(spread(views.map((view) => latestMetrics(view, 'softmax')?.averageAccuracy))),
        ...cells(spread(views.map((view) => latestMetrics(view, 'nearestMean')?.averageAccuracy))),
        ...cells(spread(headline.map((metrics) => metrics?.paperForgetting))),
        ...cells(spread(headline.map((metrics) => metrics?.standardForgetting))),
      ];
    }),
  };
}
