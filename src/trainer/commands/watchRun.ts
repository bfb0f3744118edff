import { join } from 'node:path';
import { configError, EXIT, toErrorInfo } from '../../protocol/errors';
import type { RunPlace } from '../../protocol/events';
import type { RunView } from '../../protocol/runView';
import { answerRequests } from '../answerRequests';
import { connectParent } from '../ipc';
import { RunControl } from '../runControl';
import type { RunOptions } from '../runExperiment';
import type { RunResult } from '../runLoop';
import { resultTable } from '../terminal/resultTable';
import { RunReporter } from '../terminal/runReporter';
import { shownPath } from '../terminal/shownPath';
import type { CommandIo } from './command';
import { resultLine } from './resultLine';
import { REPORT_FILE, writeRunReport } from './runReport';
import { stopOnSignals } from './stopOnSignals';

export interface WatchOptions {
  /** Absolute path of the run's folder. */
  readonly runDir: string;
  readonly json: boolean;
  /** True where the editor forked this process. */
  readonly ipc: boolean;
  /** The fold of what was logged before, where a run goes on. */
  readonly before: RunView | null;
}

/**
 * Runs a run to its end while it is shown, steered and told to the editor; then writes its report and prints its result.
 * @returns the exit code: 0, or 130 where it was stopped and can be resumed
 * @throws what `run` throws, after the editor was told
 */
export async function watchRun(
  { runDir, json, ipc, before }: WatchOptions,
  io: CommandIo,
  run: (options: RunOptions) => Promise<RunResult>,
): Promise<number> {
  if (ipc && !process.send) throw configError('--ipc is for the editor, which starts this process with a channel; leave it out.');
  const control = new RunControl();
  const tell = ipc ? connectParent(control) : () => {};
  const reporter = new RunReporter(io.stderr, before);
  const endSignals = stopOnSignals(control, reporter.onNotice);
  let place: RunPlace = { phase: 0, stage: null, step: 0 };
  let endAnswers: (() => Promise<void>) | undefined;
  try {
    const result = await run({
      runDir,
      control,
      onEvent: (event) => {
        place = event;
        if (!endAnswers) {
          tell({ type: 'opened', runDir });
          endAnswers = answerRequests(runDir, control, () => place);
        }
        tell({ type: 'event', event });
        reporter.onEvent(event);
      },
      onNotice: reporter.onNotice,
      // The folder is free for another process now, which answers for itself.
    }).finally(() => endAnswers?.());
    reporter.end();
    await printResult(result, json, io);
    return result.outcome === 'completed' ? 0 : EXIT.stopped;
  } catch (error) {
    reporter.end();
    tell({ type: 'fatal', error: toErrorInfo(error) });
    throw error;
  } finally {
    endSignals();
  }
}

async function printResult({ outcome, runDir, view }: RunResult, json: boolean, io: CommandIo): Promise<void> {
  const report = await tryReport(runDir, io);
  const shown = (path: string) => shownPath(path, io.cwd);
  const table = resultTable(
    view,
    { runDir: shown(runDir), report: report && shown(report) },
    io.stderr.columns ?? io.stdout.columns ?? Infinity,
  );
  if (json) io.stdout.write(`${JSON.stringify(resultLine(view, runDir, report))}\n`);
  else io.stdout.write(`\n${table}`);
  if (outcome === 'stopped') io.stderr.write(`Stopped; go on with: resume ${shown(runDir)}\n`);
}

/** A run whose report fails is a good run. */
async function tryReport(runDir: string, io: CommandIo): Promise<string | null> {
  const outFile = join(runDir, REPORT_FILE);
  try {
    for (const notice of await writeRunReport([runDir], outFile)) io.stderr.write(`${notice}\n`);
    return outFile;
  } catch (error) {
    io.stderr.write(`No report was written: ${toErrorInfo(error).message}\n`);
    return null;
  }
}
