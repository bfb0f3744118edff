import type { Config } from './config';
import type { Plan } from './events';

/** Percent and percentage points. */
export interface PaperFigures {
  readonly averageAccuracy: number;
  /** F = A_0^Z − A_N^Z */
  readonly forgetting: number;
}

type Row = readonly [plain: readonly PaperFigures[], mnemonics: readonly PaperFigures[]];

/** Table 1 of Liu et al., CVPR 2020, for CIFAR-100 and N = 5, 10, 25: what they report, and not what this product has reproduced. */
const PHASES = [5, 10, 25] as const;
const figures = (accuracies: readonly number[], forgettings: readonly number[]): PaperFigures[] =>
  accuracies.map((averageAccuracy, i) => ({ averageAccuracy, forgetting: forgettings[i] ?? NaN }));
const TABLE: Readonly<Record<string, Row>> = {
  lwf: [figures([49.59, 46.98, 45.51], [43.36, 43.58, 41.66]), figures([54.21, 52.72, 51.59], [40.0, 36.5, 34.26])],
  icarl: [figures([57.12, 52.66, 48.22], [31.88, 34.1, 36.48]), figures([60.0, 57.37, 54.13], [25.94, 26.92, 28.92])],
  bic: [figures([59.36, 54.2, 50.0], [31.42, 32.5, 34.6]), figures([60.67, 58.11, 55.51], [22.42, 24.5, 25.52])],
  lucir: [figures([63.17, 60.14, 57.54], [18.7, 21.34, 26.46]), figures([63.34, 62.28, 60.96], [10.91, 13.38, 19.8])],
};

/** Beside each of the paper's numbers, everywhere. */
export const PAPER_NOTE = 'paper, not reproduced here';

/** What the paper reports for a run's data set, host, split and exemplars, learned or not; null where it reports nothing of the kind. */
export function paperFigures({ dataSet, host, exemplarMethod }: Config, plan: Plan): PaperFigures | null {
  const sizes = plan.phases.map(({ classes }) => classes.length);
  const [first, ...others] = sizes;
  const even = first === 50 && new Set(others).size === 1 && sizes.reduce((a, b) => a + b, 0) === 100;
  const column = PHASES.findIndex((phases) => phases === others.length);
  if (dataSet !== 'cifar100' || !even || column < 0) return null;
  return TABLE[host]?.[exemplarMethod === 'mnemonics' ? 1 : 0]?.[column] ?? null;
}
