import type { ClassifierMetrics } from '../../protocol/metrics';
import type { RunView } from '../../protocol/runView';
import type { Classifier } from '../../protocol/words';

interface ClassifierResult {
  /** Ā; null where no phase was evaluated. */
  readonly averageAccuracy: number | null;
  readonly paperForgetting: number | null;
  readonly standardForgetting: number | null;
  /** A_0 … A_i. */
  readonly accuracies: readonly number[];
}

/** The line that `--json` prints (stable: scripts build on it). Fractions in [0, 1]; what has no classifier's name is the headline's. */
export interface ResultLine {
  readonly runDir: string;
  readonly averageAccuracy: number | null;
  /** F, the paper's. */
  readonly forgetting: number | null;
  readonly accuracies: readonly number[];
  readonly standardForgetting: number | null;
  readonly headline: Classifier;
  readonly softmax: ClassifierResult;
  readonly nearestMean: ClassifierResult;
  readonly outcome: RunView['state'];
  readonly report: string | null;
}

/** A run's result as one object. @param report path of the written report; null for none */
export function resultLine(view: RunView, runDir: string, report: string | null): ResultLine {
  const softmax = resultOf(view, 'softmax');
  const nearestMean = resultOf(view, 'nearestMean');
  const { averageAccuracy, paperForgetting, standardForgetting, accuracies } = view.headline === 'softmax' ? softmax : nearestMean;
  const { headline, state: outcome } = view;
  return {
    runDir,
    averageAccuracy,
    forgetting: paperForgetting,
    accuracies,
    standardForgetting,
    headline,
    softmax,
    nearestMean,
    outcome,
    report,
  };
}

function resultOf(view: RunView, classifier: Classifier): ClassifierResult {
  const metrics = view.phases.flatMap<ClassifierMetrics>(({ evaluation }) => (evaluation ? [evaluation[classifier]] : []));
  const last = metrics.at(-1);
  return {
    averageAccuracy: last?.averageAccuracy ?? null,
    paperForgetting: last?.paperForgetting ?? null,
    standardForgetting: last?.standardForgetting ?? null,
    accuracies: metrics.map(({ accuracy }) => accuracy),
  };
}
