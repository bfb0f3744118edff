import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isRunning } from './isRunning';

/** What tells one process from every other: a pid alone is soon given to the next one. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the machine's start to the process's; null where the system doesn't tell. */
  readonly startTime: string | null;
  /** Differs after each start of the machine; null where the system doesn't tell. */
  readonly bootId: string | null;
  readonly host: string;
}

/** The identity of this process. */
export const ownIdentity = (): ProcessIdentity => ({
  pid: process.pid,
  startTime: processStatus(process.pid)?.startTime ?? null,
  bootId: bootId(),
  host: hostname(),
});

/**
 * Is it certain that a process has ended? Never of one on another machine or in another container: folders are shared between
 * them. One that has ended but still waits for its parent to notice (a zombie) has ended.
 */
export function hasEnded({ pid, startTime, bootId: itsBootId, host }: ProcessIdentity): boolean {
  if (host !== hostname()) return false;
  if (itsBootId !== bootId()) return true;
  if (!isRunning(pid)) return true;
  const status = processStatus(pid);
  if (!status) return false;
  return status.ended || (startTime !== null && status.startTime !== startTime);
}

function processStatus(pid: number): { startTime: string; ended: boolean } | null {
  const text = readOrNull(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTime = fields[18];
  return startTime === undefined ? null : { startTime, ended: state === 'Z' || state === 'X' };
}

const bootId = (): string | null => readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? null;

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
