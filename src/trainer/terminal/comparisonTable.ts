import type { RunView } from '../../protocol/runView';
import { duration, percent, trainingSeconds } from './numbers';
import { CLASSIFIER_NAMES } from './resultTable';
import { alignColumns } from './table';

/** Several runs, one a line, each by its own headline classifier: average and last accuracy and both forgettings in per cent. */
export function comparisonTable(runs: readonly { readonly title: string; readonly view: RunView }[]): string {
  const rows = runs.map(({ title, view }) => {
    const { config, headline } = view;
    const last = view.phases.findLast((phase) => phase.evaluation !== null);
    const metrics = last?.evaluation?.[headline];
    const values = [metrics?.averageAccuracy, metrics?.accuracy, metrics?.paperForgetting, metrics?.standardForgetting];
    const phases = `${last ? last.phase : '–'}/${view.phases.length - 1}`;
    const time = duration(trainingSeconds(view));
    return [
      title,
      config.exemplarMethod,
      config.host,
      String(config.seed),
      CLASSIFIER_NAMES[headline],
      phases,
      ...values.map(percent),
      time,
    ];
  });
  const head = ['run', 'exemplars', 'host', 'seed', 'headline', 'phase', 'average Ā', 'last A', 'paper F', 'standard F', 'time'];
  return `${alignColumns([head, ...rows], 'lllrlrrrrrr').join('\n')}\n`;
}
