import type { ClassifierMetrics } from '../../src/protocol/metrics';
import type { RunView } from '../../src/protocol/runView';
import type { Classifier } from '../../src/protocol/words';

/** What a line shows; its name is the one used everywhere. */
export type Quantity = 'all' | 'first' | 'group' | 'paper' | 'standard' | 'reference';
/** A quantity that a run has one line of. */
export type OwnQuantity = Exclude<Quantity, 'group' | 'reference'>;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line of a chart. `y` in percent, or percentage points for the forgetting measures; `x` is the phase. */
export interface Series {
  readonly id: string;
  readonly label: string;
  readonly quantity: Quantity;
  /** Phase that brought the classes, for `group`. */
  readonly group: number | null;
  /** Position of the run among those compared. */
  readonly run: number;
  readonly points: readonly Point[];
}

export const QUANTITY_WORDS: Readonly<Record<OwnQuantity, string>> = {
  all: 'all classes seen (Aᵢ)',
  first: "phase 0's classes (Aᵢᶻ)",
  paper: 'F, paper (A₀ᶻ − Aᵢᶻ)',
  standard: 'standard (mean of best so far − last)',
};

/** Number of classes seen after each phase, from the plan: known before any evaluation. */
export function classesSeen(view: RunView): number[] {
  let seen = 0;
  return view.plan.phases.map(({ classes }) => (seen += classes.length));
}

/** Accuracy of one run: all classes seen, phase 0's classes, and each later phase's classes. */
export function accuracySeries(view: RunView, classifier: Classifier): Series[] {
  const groups = view.plan.phases.length - 1;
  return [
    line(view, classifier, 'all', (m) => m.accuracy),
    line(view, classifier, 'first', (m) => m.firstPhaseAccuracy),
    ...Array.from({ length: groups }, (_, g) => {
      const group = g + 1;
      return {
        ...line(view, classifier, 'group', (m) => m.groupAccuracies[group] ?? null),
        id: `group-${group}`,
        label: `phase ${group}'s classes`,
        group,
      };
    }),
  ];
}

/** Both forgetting measures of one run. Phase 0 has nothing to forget, both are 0 there. */
export function forgettingSeries(view: RunView, classifier: Classifier): Series[] {
  return [line(view, classifier, 'paper', (m) => m.paperForgetting), line(view, classifier, 'standard', (m) => m.standardForgetting)];
}

/** One quantity of several runs, a line per run. */
export function comparedSeries(runs: readonly { title: string; view: RunView; classifier: Classifier }[], quantity: OwnQuantity): Series[] {
  return runs.map(({ title, view, classifier }, run) => {
    const all = [...accuracySeries(view, classifier), ...forgettingSeries(view, classifier)];
    return {
      ...(all.find((s) => s.quantity === quantity) ?? line(view, classifier, quantity, () => null)),
      id: `run-${run}`,
      label: title,
      run,
    };
  });
}

function line(
  view: RunView,
  classifier: Classifier,
  quantity: OwnQuantity | 'group',
  value: (metrics: ClassifierMetrics) => number | null,
): Series {
  const points = view.phases.flatMap(({ phase, evaluation }): Point[] => {
    const y = evaluation && value(evaluation[classifier]);
    return y === null ? [] : [{ x: phase, y: y * 100 }];
  });
  return { id: quantity, label: quantity === 'group' ? '' : QUANTITY_WORDS[quantity], quantity, group: null, run: 0, points };
}
