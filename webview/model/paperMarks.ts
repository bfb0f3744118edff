import { PAPER_NOTE, paperFigures } from '../../src/protocol/paperFigures';
import type { RunView } from '../../src/protocol/runView';
import type { Classifier } from '../../src/protocol/words';
import type { Series } from './curves';

/**
 * What the paper reports for runs like these, as lines to compare with: Ā all along the phases, F where it is taken, after the
 * last one. Only beside the classifier of the host's headline figure, and each figure once.
 */
export function paperMarks(
  runs: readonly { readonly view: RunView; readonly classifier: Classifier }[],
  kind: 'accuracy' | 'forgetting',
): Series[] {
  const marks = runs.flatMap(({ view, classifier }): Series[] => {
    const figures = classifier === view.headline ? paperFigures(view.config, view.plan) : null;
    if (!figures) return [];
    const { host, exemplarMethod } = view.config;
    const last = view.plan.phases.length - 1;
    const what = `${host}${exemplarMethod === 'mnemonics' ? ' with mnemonics' : ''}`;
    return [
      {
        id: `reference-${host}-${exemplarMethod === 'mnemonics'}-${last}`,
        label: `${kind === 'accuracy' ? 'Ā' : 'F'} of ${what} (${PAPER_NOTE})`,
        quantity: 'reference',
        group: null,
        run: 0,
        points: (kind === 'accuracy' ? [0, last] : [last]).map((x) => ({
          x,
          y: kind === 'accuracy' ? figures.averageAccuracy : figures.forgetting,
        })),
      },
    ];
  });
  return [...new Map(marks.map((mark) => [mark.id, mark])).values()];
}
