import { toErrorInfo } from '../protocol/errors';
import type { RunEvent } from '../protocol/events';
import type { ReportData } from '../protocol/reportData';
import { readEvaluation } from './readEvaluation';

type Confusions = ReportData['runs'][number]['confusions'];

/** Entries of confusion matrices in a report, over all its runs: some megabytes of text. */
const MOST_ENTRIES = 1_000_000;

/**
 * The confusion matrices of a run's phases, newest first while they fit. A phase whose file is missing, damaged or another run's has none:
 * what its events say is shown all the same.
 * @returns `problems`: a sentence on each such file
 */
export async function readReportConfusions(
  runDir: string,
  events: readonly RunEvent[],
  runs: number,
): Promise<{ confusions: Confusions; problems: string[] }> {
  // A phase that was repeated after an interruption was evaluated again; what came last counts.
  const evaluated = new Map(events.flatMap((event) => (event.kind === 'evaluated' ? [[event.phase, event.metrics] as const] : [])));
  const phases = [...evaluated].sort(([a], [b]) => b - a);
  const confusions: Confusions = [];
  const problems: string[] = [];
  let left = MOST_ENTRIES / runs;
  for (const [phase, metrics] of phases) {
    const evaluation = await readEvaluation(runDir, phase, metrics).catch((error: unknown) => {
      problems.push(toErrorInfo(error).message);
      return null;
    });
    if (!evaluation) continue;
    left -= 2 * evaluation.classes.length ** 2;
    if (left < 0 && confusions.length > 0) break;
    confusions.unshift({ phase, ...evaluation.confusion });
  }
  return { confusions, problems };
}
