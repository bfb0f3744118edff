import { resolve } from 'node:path';
import { freeRunDir } from '../../store/runId';
import { readExperiment } from '../../store/experimentFile';
import { defineCommand } from './command';
import { watchRun } from './watchRun';

/** The folder of runs, where `--out` names none. */
const RUNS_FOLDER = 'runs';

export const runCommand = defineCommand({
  name: 'run',
  summary: 'Trains one experiment.',
  positionals: 'CONFIG',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    out: { type: 'string', value: 'DIR', help: `the run's own folder; by default ${RUNS_FOLDER}/<name>-<date>-<time> here` },
    engine: { type: 'string', value: 'NAME', help: 'auto, native, webgpu or wasm: what executes the tensors' },
    set: { type: 'string', multiple: true, value: 'FIELD=VALUE', help: 'sets a field of the experiment, such as lambda=0.7' },
    json: { type: 'boolean', help: 'prints the result as one JSON line instead of a table' },
    ipc: { type: 'boolean', hidden: true, help: 'tells events to the editor that started this process' },
  },
  async execute({ out, engine, set = [], json = false, ipc = false }, [file = ''], io) {
    const sets = engine === undefined ? set : [...set, `engine=${JSON.stringify(engine)}`];
    const { config, dir } = await readExperiment(resolve(io.cwd, file), sets);
    const runDir = out === undefined ? freeRunDir(resolve(io.cwd, RUNS_FOLDER), config.name, new Date()) : resolve(io.cwd, out);
    return watchRun({ runDir, json, ipc, before: null }, io, async (options) => {
      const { runExperiment } = await import('../runExperiment');
      return runExperiment({ ...options, config, configDir: dir });
    });
  },
});
