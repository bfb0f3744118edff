import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runError, toErrorInfo, type ErrorInfo } from '../protocol/errors';
import { runFileSchema, type RunFile } from '../protocol/runFile';
import { RUN_FILES } from '../protocol/runLayout';
import { damaged, hasChecksum } from './checksum';
import { readProblem, systemCode } from './fileProblem';
import { parseFileText } from './parseFile';
import { readText, SMALL_FILE } from './readText';
import { isRunAlive } from './runLock';

/** A run's status, told apart from what a dying process could not write. */
export type RunStateOnDisk = RunFile['status'] | 'interrupted';

/** One entry of a list of runs. A folder that can't be read has an `error` and nothing else. */
export type RunSummary =
  | { readonly id: string; readonly dir: string; readonly run: RunFile; readonly state: RunStateOnDisk; readonly error: null }
  | { readonly id: string; readonly dir: string; readonly run: null; readonly state: 'broken'; readonly error: ErrorInfo };

/** Reads `run.json`. @throws LabError `run-folder` where the folder holds no run or a damaged one. */
export async function readRunFile(runDir: string): Promise<RunFile> {
  const path = join(runDir, RUN_FILES.run);
  const text = await readText(path, SMALL_FILE).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR')
      throw runError(`${runDir} holds no run (it has no ${RUN_FILES.run}); name the folder of a run.`, { cause: error });
    throw readProblem(path, error);
  });
  const { sha256, ...run } = parseFileText(text, runFileSchema, path);
  if (sha256 !== undefined && !hasChecksum(text, sha256)) throw damaged(path);
  return run;
}

/** One run as a list shows it; what is wrong with it becomes its `error`. `dir` is the run's folder, `id` that folder's name. */
export async function readRunSummary(dir: string, id: string): Promise<RunSummary> {
  try {
    const run = await readRunFile(dir);
    const state = run.status === 'running' && !(await isRunAlive(dir)) ? 'interrupted' : run.status;
    return { id, dir, run, state, error: null };
  } catch (error) {
    return { id, dir, run: null, state: 'broken', error: toErrorInfo(error) };
  }
}

/**
 * The runs in a folder, newest first, then the broken ones. Folders that have nothing of a run are left out; a folder that
 * doesn't exist has none.
 * @throws LabError `run-folder` where `runsDir` itself can't be read.
 */
export async function listRuns(runsDir: string): Promise<RunSummary[]> {
  const entries = await readdir(runsDir, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw readProblem(runsDir, error);
  });
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
  const summaries = await Promise.all(
    folders.map(async (name) => ((await looksLikeRun(join(runsDir, name))) ? readRunSummary(join(runsDir, name), name) : null)),
  );
  const created = (summary: RunSummary) => summary.run?.created ?? '';
  return summaries.filter((summary) => summary !== null).sort((a, b) => created(b).localeCompare(created(a)) || a.id.localeCompare(b.id));
}

async function looksLikeRun(dir: string): Promise<boolean> {
  const names = await readdir(dir).catch((): string[] => []);
  return names.includes(RUN_FILES.run) || names.includes(RUN_FILES.events);
}
