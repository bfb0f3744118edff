import { resolve } from 'node:path';
import { resumeTells } from '../../store/checkLog';
import { readView } from '../../store/readHistory';
import { readRunFile } from '../../store/readRun';
import { defineCommand } from './command';
import { engineWish } from './engineWish';
import { watchRun } from './watchRun';

export const resumeCommand = defineCommand({
  name: 'resume',
  summary: 'Goes on with a run where it stopped or was interrupted.',
  positionals: 'DIR',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    engine: { type: 'string', value: 'NAME', help: 'auto, native, webgpu or wasm, in place of the engine that the run has had' },
    'allow-different-engine': {
      type: 'boolean',
      help: 'goes on where engine, version, device or threads are not those that the run has had; the run notes it, and its last bits are others',
    },
    json: { type: 'boolean', help: 'prints the result as one JSON line instead of a table' },
    ipc: { type: 'boolean', hidden: true, help: 'tells events to the editor that started this process' },
  },
  async execute({ engine, 'allow-different-engine': allowDifferentEngine, json = false, ipc = false }, [dir = ''], io) {
    const wish = engineWish('resume', engine);
    const runDir = resolve(io.cwd, dir);
    await readRunFile(runDir);
    const before = await readView(runDir, resumeTells);
    return watchRun({ runDir, json, ipc, before }, io, async (options) => {
      const { resumeExperiment } = await import('../runExperiment');
      return resumeExperiment({ ...options, engine: wish, allowDifferentEngine });
    });
  },
});
