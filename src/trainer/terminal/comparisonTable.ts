import { latestMetrics } from '../../protocol/latestMetrics';
import { seedGroups, spread, type Spread } from '../../protocol/seedGroups';
import type { RunView } from '../../protocol/runView';
import { duration, percent, trainingSeconds } from './numbers';
import { CLASSIFIER_NAMES } from './resultTable';
import { alignColumns } from './table';

/** In the order of the table's columns. */
const FIGURES = ['averageAccuracy', 'accuracy', 'paperForgetting', 'standardForgetting'] as const;

/** Several runs, one a line, each by its own headline classifier: average and last accuracy and both forgettings in per cent. */
export function comparisonTable(runs: readonly { readonly title: string; readonly view: RunView }[]): string {
  const rows = runs.map(({ title, view }) => {
    const { config, headline } = view;
    const last = view.phases.findLast((phase) => phase.evaluation !== null);
    const metrics = last?.evaluation?.[headline];
    const phases = `${last ? last.phase : '–'}/${view.phases.length - 1}`;
    const time = duration(trainingSeconds(view));
    return [
      title,
      config.exemplarMethod,
      config.host,
      String(config.seed),
      CLASSIFIER_NAMES[headline],
      phases,
      ...FIGURES.map((figure) => percent(metrics?.[figure])),
      time,
    ];
  });
  rows.push(...seedRows(runs));
  const head = ['run', 'exemplars', 'host', 'seed', 'headline', 'phase', 'average Ā', 'last A', 'paper F', 'standard F', 'time'];
  return `${alignColumns([head, ...rows], 'lllrlrrrrrr').join('\n')}\n`;
}

/** A line for each group of finished runs that differ in their seed alone: means and sample standard deviations. */
function seedRows(runs: readonly { readonly title: string; readonly view: RunView }[]): string[][] {
  return seedGroups(runs.filter(({ view }) => view.state === 'completed')).map(({ runs: group }) => {
    const metrics = group.map(({ view }) => latestMetrics(view, view.headline));
    const [{ view } = { view: null }] = group;
    const phases = view ? `${view.phases.length - 1}/${view.phases.length - 1}` : '';
    const { exemplarMethod = '', host = '' } = view?.config ?? {};
    return [
      'mean ± std',
      exemplarMethod,
      host,
      `${group.length} seeds`,
      view ? CLASSIFIER_NAMES[view.headline] : '',
      phases,
      ...FIGURES.map((figure) => shown(spread(metrics.map((m) => m?.[figure])))),
      '',
    ];
  });
}

const shown = (value: Spread | null): string =>
  value === null ? '–' : `${percent(value.mean)}${value.deviation === null ? '' : ` ± ${percent(value.deviation)}`}`;
