import { join } from 'node:path';
import type { Config } from '../protocol/config';
import { runError, type LabError } from '../protocol/errors';
import { resumeDetailsSchema } from '../protocol/resumeDetails';
import type { RunFile } from '../protocol/runFile';
import { RUN_FILES } from '../protocol/runLayout';
import { assertChecksum } from './checksum';
import type { EventReader } from './eventReader';
import { parseJson } from './parseJson';
import { readRunFile } from './readRun';
import { headerOf, withFile } from './readSafetensors';

/** What a run's other files know of its log. */
export interface KnownLog {
  readonly run: RunFile;
  /** At least so many events, since the newest resume point was made after them. */
  readonly events: number;
}

/** To be asked before the log is read, which only grows. Null where `run.json` can't be read: whoever needs that says so. */
export async function knownOfLog(runDir: string): Promise<KnownLog | null> {
  const run = await readRunFile(runDir).catch(() => null);
  return run && { run, events: await eventsAtResumePoint(join(runDir, RUN_FILES.state), run).catch(() => 0) };
}

/** Is told, in place of an error, that a log has lost its last lines. */
export type OnLostEvents = (problem: LabError) => void;

/** For who is about to resume the run, which itself warns of it or refuses. */
export const resumeTells: OnLostEvents = () => undefined;

const refuse: OnLostEvents = (problem) => {
  throw problem;
};

/**
 * Each line of a log can be sound and the log not the run's, or not all of it.
 * @param log that was read to its end
 * @throws LabError `run-folder` where it is another run's, or its last lines are missing
 */
export async function assertWholeLog(
  runDir: string,
  { run, events }: KnownLog,
  { first, last }: Pick<EventReader, 'first' | 'last'>,
  onLost: OnLostEvents = refuse,
): Promise<void> {
  const path = join(runDir, RUN_FILES.events);
  if (first?.kind === 'run-started') {
    if (first.runId !== run.id)
      throw runError(`${path} is the log of another run (${first.runId}, not ${run.id}); restore the run's own from a copy.`);
    assertSameBeginning(runDir, run, first.config);
  }
  const lost = (what: string) => onLost(runError(`${path} is missing or has lost its last lines: ${what}; restore it from a copy.`));
  const found = last ? last.seq + 1 : 0;
  // A damaged resume point says nothing of the log. Checked only now, since it is the size of the model.
  if (found < events && (await isSound(join(runDir, RUN_FILES.state))))
    return lost(`it has ${found} events, but had ${events} when the newest resume point was made`);
  if (run.status === 'running' || last?.kind === 'run-ended') return;
  // Somebody may have gone on with the run just now.
  const { status, ended } = await readRunFile(runDir);
  if (status === run.status && ended === run.ended) lost(`${RUN_FILES.run} says that the run is ${status}, and the log does not`);
}

/**
 * A run's config stands in `run.json` and in the first line of its log, so a digit that changed on the disk, which either file alone
 * can't tell, does not make another run of it. `dataPath` may differ: data can be moved, and have a checksum of their own.
 */
function assertSameBeginning(runDir: string, { config }: RunFile, begun: Config): void {
  const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  for (const field of new Set([...Object.keys(config), ...Object.keys(begun)]) as Set<keyof Config>) {
    const [here, there] = [show(config[field]), show(begun[field])];
    if (field !== 'dataPath' && here !== there)
      throw runError(
        `${join(runDir, RUN_FILES.run)} has ${here} for "${field}", but the run began with ${there} (${RUN_FILES.events}); put right the file that was damaged or edited.`,
      );
  }
}

const isSound = (path: string): Promise<boolean> =>
  assertChecksum(path).then(
    () => true,
    () => false,
  );

/** Those of earlier versions don't say it: 0. */
async function eventsAtResumePoint(path: string, { id, created }: RunFile): Promise<number> {
  const { metadata } = await withFile(path, (file) => headerOf(file, path));
  const { run, events } = resumeDetailsSchema.parse(parseJson(metadata['details'] ?? ''));
  return run?.id === id && run.created === created ? (events ?? 0) : 0;
}
