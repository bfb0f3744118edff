import { join, resolve } from 'node:path';
import { RUN_FILES } from '../../protocol/runLayout';
import { foldEvents } from '../../protocol/runView';
import { readEvents } from '../../store/eventLog';
import { hasLog, readRunFile } from '../../store/readRun';
import { defineCommand } from './command';
import { watchRun } from './watchRun';

export const resumeCommand = defineCommand({
  name: 'resume',
  summary: 'Goes on with a run where it stopped or was interrupted.',
  positionals: 'DIR',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    json: { type: 'boolean', help: 'prints the result as one JSON line instead of a table' },
    ipc: { type: 'boolean', hidden: true, help: 'tells events to the editor that started this process' },
  },
  async execute({ json = false, ipc = false }, [dir = ''], io) {
    const runDir = resolve(io.cwd, dir);
    await readRunFile(runDir);
    const before = hasLog(runDir) ? foldEvents(await readEvents(join(runDir, RUN_FILES.events))) : null;
    return watchRun({ runDir, json, ipc, before }, io, async (options) => {
      const { resumeExperiment } = await import('../runExperiment');
      return resumeExperiment(options);
    });
  },
});
