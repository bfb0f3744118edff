import { type ErrorInfo } from '../../protocol/errors';
import { type RunEvent } from '../../protocol/events';

export type RunOutcome = Extract<RunEvent, { kind: 'run-ended' }>['outcome'];

/** How a trainer process ended. */
export interface TrainerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What `run-ended` said; null where the process ended without that event. */
  readonly outcome: RunOutcome | null;
  /** Why it ended, where the process could still say so. */
  readonly fatal: ErrorInfo | null;
  /** True where this window had asked it to stop. */
  readonly asked: boolean;
  /** The last lines of its standard error, oldest first. */
  readonly lastLines: readonly string[];
}

/** True where nobody asked for the end and the process didn't announce it. */
export const isCrash = (end: TrainerEnd) => end.outcome === null && end.fatal === null && !end.asked;

/** One sentence on a crash: how the process ended and the last it said. */
export function crashSentence(end: TrainerEnd): string {
  // The system kills who takes its last memory; Node ends itself where it gets none.
  const memory = end.signal === 'SIGKILL' || end.signal === 'SIGABRT' ? ' (often because memory ran out)' : '';
  const how = end.signal !== null ? `was killed by signal ${end.signal}${memory}` : `ended with exit code ${end.code}`;
  const last = end.lastLines
    .filter((line) => line.trim() !== '')
    .slice(-2)
    .join(' ⏎ ')
    .slice(-300);
  return `The training process ${how}; the run can be resumed from its last resume point.${last ? ` It last said: ${last}` : ''}`;
}
