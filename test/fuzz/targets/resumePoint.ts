import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { engine, setBackend } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { initialWeights } from '../../../src/learning/initialWeights';
import { networkShape } from '../../../src/learning/network';
import { classIndexSchema } from '../../../src/protocol/ids';
import { RUN_FILES } from '../../../src/protocol/runLayout';
import { RunFolder } from '../../../src/store/runFolder';
import { ExemplarMemory } from '../../../src/trainer/exemplarMemory';
import { loadResumePoint, saveResumePoint } from '../../../src/trainer/resumePoint';
import { toTensors } from '../../../src/trainer/tensorData';
import { TrainingState } from '../../../src/trainer/trainingState';
import { both, sampleRunFile } from '../../store/support/sampleRun';
import { mutatedBytes } from '../inputs/bytes';
import { mutatedHeaders } from '../inputs/safetensorsFile';
import { sealed } from '../inputs/sealed';
import type { FuzzTarget } from '../target';

const IMAGE = { height: 2, width: 2, channels: 1 };

/** A resume point in the middle of learning exemplars, with everything that one may have; the model is cut down to a few tensors. */
async function resumePoint(): Promise<Uint8Array> {
  await setBackend('cpu');
  const { params, buffers } = initialWeights(networkShape('resnet8', 1, 'relu'), 2, 1);
  const some = (of: typeof params) => toTensors(Object.fromEntries(Object.entries(of).slice(0, 4)));
  const model = () => ({ params: some(params), buffers: some(buffers) });
  const memory = new ExemplarMemory(IMAGE);
  memory.add(classIndexSchema.parse(0), new Float32Array(8));
  const state = new TrainingState(model(), memory);
  state.oldModel = model();
  state.momentum = some(params);
  state.keepSnapshot();
  state.evaluations = [both({}, {})];
  const exemplars = () => new Float32Array(8);
  state.learning.set('new', { exemplars: exemplars(), firstMoment: exemplars(), secondMoment: exemplars() });
  const dir = mkdtempSync(join(tmpdir(), 'mnemonics-fuzz-seed-'));
  const folder = await RunFolder.create(join(dir, 'run'), sampleRunFile());
  await saveResumePoint(folder, state, { phase: 1, stage: 1, step: 7 });
  const bytes = readFileSync(join(folder.dir, RUN_FILES.state));
  await folder.close();
  rmSync(dir, { recursive: true });
  return bytes;
}

export const target: FuzzTarget = {
  runs: 3000,
  file: RUN_FILES.state,
  codes: ['run-folder'],
  seeds: async () => [await resumePoint()],
  mutated: (seeds) => fc.oneof(mutatedHeaders(seeds).map(sealed), mutatedBytes(seeds).map(sealed), mutatedBytes(seeds)),
  async read(folder) {
    engine().startScope();
    try {
      return Boolean(await loadResumePoint(folder, IMAGE));
    } finally {
      engine().endScope();
    }
  },
};
