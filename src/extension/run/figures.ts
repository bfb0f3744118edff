import { type RunView } from '../../protocol/runView';

export const percent = (fraction: number) => `${(fraction * 100).toFixed(1)} %`;

/** Ā so far by the run's headline classifier, as people read it; undefined before the first evaluation. */
export function averageAccuracy(view: RunView | null): string | undefined {
  const last = view?.phases.findLast((phase) => phase.evaluation !== null)?.evaluation;
  return view && last ? percent(last[view.headline].averageAccuracy) : undefined;
}

/** A duration in the largest two units that matter, such as `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Where a run is, in one line: engine, phase, percent and time left. */
export function progressLine(view: RunView): string {
  const last = view.plan.phases.at(-1)?.phase ?? 0;
  const { fractionDone, secondsLeft } = view.progress;
  const place = view.current ? `phase ${view.current.phase}/${last}` : view.state;
  const parts = [view.engine.engine, place, `${Math.floor(fractionDone * 100)} %`];
  if (view.state === 'paused') parts.push('paused');
  else if (view.current && secondsLeft !== null) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(' · ');
}
