import type { RunView } from '../../protocol/runView';

/** A fraction in per cent with one decimal, without the sign; "–" for none. */
export const percent = (fraction: number | null | undefined): string =>
  fraction === null || fraction === undefined ? '–' : withoutMinusZero((100 * fraction).toFixed(1));

const withoutMinusZero = (text: string): string => (text === '-0.0' ? '0.0' : text);

/** A duration in words that are as exact as is useful: `4.2 s`, `3 min 5 s`, `2 h 7 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Three significant digits, such as `0.0312` or `1.23e-7`. */
export const significant = (value: number): string =>
  Math.abs(value) >= 1e-4 || value === 0 ? String(Number(value.toPrecision(3))) : value.toExponential(2);

/** Seconds spent in the stages of a run that have ended: what a pause or an interruption between two processes doesn't lengthen. */
export const trainingSeconds = (view: RunView): number =>
  view.phases.flatMap(({ stages }) => stages).reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
