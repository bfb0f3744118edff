import { differencesText, engineDifferences } from '../protocol/engineDifferences';
import type { EngineInfo } from '../protocol/engineInfo';
import { dataError, EXIT, otherEngineError, runError } from '../protocol/errors';
import type { DataFingerprint, RunFile } from '../protocol/runFile';
import type { RunView } from '../protocol/runView';
import { readView } from '../store/readHistory';
import { readRunFile } from '../store/readRun';

/** A run that another one repeats: from its beginning, with its changes at the places from which they counted. */
export interface Original {
  readonly runDir: string;
  readonly run: RunFile;
  readonly view: RunView;
}

/** @throws LabError `run-folder` where the folder holds no run that has begun, or a damaged one */
export async function readOriginal(runDir: string): Promise<Original> {
  const run = await readRunFile(runDir);
  const view = await readView(runDir);
  if (!view) throw runError(`The run in ${runDir} has not begun, so there is nothing to repeat; run its experiment instead.`);
  return { runDir, run, view };
}

/** What a run that repeats it logs of it, and follows. Of one that repeats another itself, also what it has not come to yet. */
export const replayOf = ({ view }: Original): NonNullable<RunView['replay']> => ({
  run: view.runId,
  changes: (view.replay ?? view).changes.map(({ phase, stage, step, field, value }) => ({ phase, stage, step, field, value })),
});

/** @throws LabError `data-invalid` where the data are not those of the original */
export function assertSameData({ runDir, run }: Original, data: DataFingerprint): void {
  if (data.sha256 !== run.data.sha256)
    throw dataError(`The data set ${data.dataSet} is not the one that ${runDir} was trained on; restore its files to repeat the run.`);
}

/** @throws LabError `other-engine` where the bits can't be those of the original */
export function assertSameEngine({ runDir, run, view }: Original, engine: EngineInfo): void {
  const allow = 'or add --allow-different-engine to repeat the run without its last bits';
  if (view.engineChanges.length > 0)
    throw otherEngineError(
      `The run in ${runDir} went on with another engine (${view.engineChanges.join('; ')}), so that no run repeats its bits; repeat one that had the same engine throughout, ${allow}.`,
      EXIT.run,
    );
  const differences = engineDifferences(run.engine, engine);
  if (differences.length > 0)
    throw otherEngineError(
      `The run in ${runDir} had another engine than there is here (${differencesText(differences)}); repeat it where they are the same, ${allow}.`,
      EXIT.run,
    );
}
