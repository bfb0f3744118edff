import { resolve } from 'node:path';
import { freeRunDir } from '../../store/runId';
import { readExperiment } from '../../store/experimentFile';
import type { Config } from '../../protocol/config';
import { configError } from '../../protocol/errors';
import type { ResumeEngine } from '../engineOfRun';
import { readOriginal, type Original } from '../original';
import { defineCommand } from './command';
import { engineWish } from './engineWish';
import { watchRun } from './watchRun';

/** The folder of runs, where `--out` names none. */
const RUNS_FOLDER = 'runs';

type Replay = ResumeEngine & { readonly original?: Original };

export const runCommand = defineCommand({
  name: 'run',
  summary: 'Trains one experiment, or repeats a run.',
  positionals: '[CONFIG]',
  minPositionals: 0,
  maxPositionals: 1,
  options: {
    out: { type: 'string', value: 'DIR', help: `the run's own folder; by default ${RUNS_FOLDER}/<name>-<date>-<time> here` },
    engine: { type: 'string', value: 'NAME', help: 'auto, native, webgpu or wasm: what executes the tensors' },
    set: { type: 'string', multiple: true, value: 'FIELD=VALUE', help: 'sets a field of the experiment, such as lambda=0.7' },
    replay: {
      type: 'string',
      value: 'DIR',
      help: 'in place of CONFIG: repeats that run, with the changes made while it went on at their steps',
    },
    'allow-different-engine': {
      type: 'boolean',
      help: 'with --replay: repeats the run also where engine, version, device or threads are others, so that the last bits are, too',
    },
    json: { type: 'boolean', help: 'prints the result as one JSON line instead of a table' },
    ipc: { type: 'boolean', hidden: true, help: 'tells events to the editor that started this process' },
  },
  async execute({ out, engine, set, replay, 'allow-different-engine': allowDifferentEngine, json = false, ipc = false }, [file], io) {
    const start = (name: string, options: { readonly config: Config; readonly configDir: string } & Replay) => {
      const runDir = out === undefined ? freeRunDir(resolve(io.cwd, RUNS_FOLDER), name, new Date()) : resolve(io.cwd, out);
      return watchRun({ runDir, json, ipc, before: null }, io, async (watched) => {
        const { runExperiment } = await import('../runExperiment');
        return runExperiment({ ...watched, ...options });
      });
    };
    if (replay === undefined) {
      if (file === undefined) throw configError('"run" needs CONFIG, or --replay DIR; see "run --help".');
      if (allowDifferentEngine) throw configError('--allow-different-engine is for --replay; leave it out, a new run takes any engine.');
      const sets = engine === undefined ? (set ?? []) : [...(set ?? []), `engine=${JSON.stringify(engine)}`];
      const { config, dir } = await readExperiment(resolve(io.cwd, file), sets);
      return start(config.name, { config, configDir: dir });
    }
    if (file !== undefined || set !== undefined)
      throw configError('--replay repeats a run with the settings that it had; leave CONFIG and --set out.');
    const original = await readOriginal(resolve(io.cwd, replay));
    const { config } = original.view.beginning;
    return start(config.name, { config, configDir: original.runDir, original, engine: engineWish('run', engine), allowDifferentEngine });
  },
});
