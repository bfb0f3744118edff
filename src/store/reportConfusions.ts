import type { RunEvent } from '../protocol/events';
import type { ReportData } from '../protocol/reportData';
import { readEvaluation } from './readEvaluation';

/** Entries of confusion matrices in a report, over all its runs: some megabytes of text. */
const MOST_ENTRIES = 1_000_000;

/**
 * The confusion matrices of a run's phases, newest first while they fit. A phase whose file is missing or damaged has none:
 * what its events say is shown all the same.
 */
export async function readReportConfusions(
  runDir: string,
  events: readonly RunEvent[],
  runs: number,
): Promise<ReportData['runs'][number]['confusions']> {
  const phases = [...new Set(events.flatMap((event) => (event.kind === 'evaluated' ? [event.phase] : [])))].sort((a, b) => b - a);
  const found: ReportData['runs'][number]['confusions'] = [];
  let left = MOST_ENTRIES / runs;
  for (const phase of phases) {
    const evaluation = await readEvaluation(runDir, phase).catch(() => null);
    if (!evaluation) continue;
    left -= 2 * evaluation.classes.length ** 2;
    if (left < 0 && found.length > 0) break;
    found.unshift({ phase, ...evaluation.confusion });
  }
  return found;
}
