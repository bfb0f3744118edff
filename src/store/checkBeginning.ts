import { join } from 'node:path';
import type { Config } from '../protocol/config';
import { runError } from '../protocol/errors';
import type { RunFile } from '../protocol/runFile';
import { RUN_FILES } from '../protocol/runLayout';

/**
 * A run's config stands in `run.json` and in the first line of its log, so a digit that changed on the disk, which either file alone
 * can't tell, does not make another run of it. `dataPath` may differ: data can be moved, and have a checksum of their own.
 * @param begun the config as the log has it
 * @throws LabError `run-folder` naming the field that differs
 */
export function assertSameBeginning(runDir: string, { config }: RunFile, begun: Config): void {
  const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  for (const field of new Set([...Object.keys(config), ...Object.keys(begun)]) as Set<keyof Config>) {
    const [here, there] = [show(config[field]), show(begun[field])];
    if (field !== 'dataPath' && here !== there)
      throw runError(
        `${join(runDir, RUN_FILES.run)} has ${here} for "${field}", but the run began with ${there} (${RUN_FILES.events}); put right the file that was damaged or edited.`,
      );
  }
}
