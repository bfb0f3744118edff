import { basename, join, resolve } from 'node:path';
import { configError, runError } from '../../protocol/errors';
import type { RunView } from '../../protocol/runView';
import { readView } from '../../store/readHistory';
import { readRunFile } from '../../store/readRun';
import { isRunAlive } from '../../store/runLock';
import { comparisonTable } from '../terminal/comparisonTable';
import { resultTable } from '../terminal/resultTable';
import { shownPath } from '../terminal/shownPath';
import { defineCommand } from './command';
import { REPORT_FILE, writeRunReport } from './runReport';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Writes the dashboard of one run, or of several compared, as one self-contained page.',
  positionals: 'DIR…',
  minPositionals: 1,
  maxPositionals: Infinity,
  options: {
    out: {
      type: 'string',
      value: 'FILE.html',
      help: `where to write it; by default ${REPORT_FILE} in the run's folder, or comparison.html here`,
    },
  },
  async execute({ out }, dirs, io) {
    // So that a slip of the hand never puts the page in place of a run's own file.
    if (out !== undefined && !/\.html?$/i.test(out)) throw configError(`--out ${out} is no page; name a file that ends in .html.`);
    const runDirs = dirs.map((dir) => resolve(io.cwd, dir));
    const views = [];
    for (const runDir of runDirs) views.push(await viewOf(runDir));
    const [first = ''] = runDirs;
    const outFile = resolve(io.cwd, out ?? (runDirs.length === 1 ? join(first, REPORT_FILE) : 'comparison.html'));
    for (const notice of await writeRunReport(runDirs, outFile)) io.stderr.write(`${notice}\n`);
    const shown = (path: string) => shownPath(path, io.cwd);
    const [view] = views;
    if (views.length === 1 && view)
      io.stdout.write(resultTable(view, { runDir: shown(first), report: shown(outFile) }, io.stdout.columns ?? Infinity));
    else
      io.stdout.write(
        `${comparisonTable(views.map((v, i) => ({ title: basename(runDirs[i] ?? ''), view: v })))}\nReport  ${shown(outFile)}\n`,
      );
    return 0;
  },
});

async function viewOf(runDir: string): Promise<RunView> {
  await readRunFile(runDir);
  const view = await readView(runDir);
  if (view) return view;
  const remedy = (await isRunAlive(runDir)) ? 'wait until the run has begun' : 'its process ended before the first, so resume the run';
  throw runError(`${runDir} has no events yet; ${remedy}.`);
}
