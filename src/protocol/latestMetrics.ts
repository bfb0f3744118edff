import type { ClassifierMetrics } from './metrics';
import type { RunView } from './runView';
import type { Classifier } from './words';

/** The newest evaluation's metrics; null before the first. */
export function latestMetrics(view: RunView, classifier: Classifier): ClassifierMetrics | null {
  return view.phases.findLast((p) => p.evaluation !== null)?.evaluation?.[classifier] ?? null;
}
