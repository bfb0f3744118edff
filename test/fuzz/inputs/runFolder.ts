import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventBody } from '../../../src/protocol/events';
import { evaluationFileSchema } from '../../../src/protocol/evaluationFile';
import { PHASE_FILES, phaseFile, phaseFolder, RUN_FILES } from '../../../src/protocol/runLayout';
import { EventLog } from '../../../src/store/eventLog';
import { both, ENGINE, PLAN, progress, runStarted, sampleRunFile, START } from '../../store/support/sampleRun';
import { bytesOfText } from './bytes';
import { exemplarFile } from './safetensorsFile';

const learning = {
  losses: { new: { chosen: 1, now: 0.5 }, old: null },
  nearestMean: [{ age: 0, chosen: 0.5, stored: 0.5, now: 0.75 }],
  moved: { new: 0.1, old: null },
};
const metrics = both({}, {});

/** `run.json` as it begins and as it ends. */
export const runFiles = (): Uint8Array[] =>
  [
    sampleRunFile(),
    sampleRunFile({
      status: 'failed',
      ended: '2025-11-24T09:00:00.000Z',
      error: { code: 'internal', message: 'It broke.', exitCode: 1 },
      summary: { averageAccuracy: 0.5, paperForgetting: 0, standardForgetting: 0 },
    }),
  ].map((run) => bytesOfText(JSON.stringify(run)));

export const evaluation = () =>
  evaluationFileSchema.parse({
    schemaVersion: 1,
    phase: 0,
    classes: PLAN.phases[0]?.classes,
    testImages: 20,
    metrics,
    learning,
    confusion: {
      softmax: [
        [5, 5],
        [0, 10],
      ],
      nearestMean: [
        [10, 0],
        [10, 0],
      ],
    },
  });

/** Every kind of event, as the log writes them, with an interruption in the middle. */
export function events(): Uint8Array {
  const dir = mkdtempSync(join(tmpdir(), 'mnemonics-fuzz-seed-'));
  const path = join(dir, RUN_FILES.events);
  const log = EventLog.open(path);
  const at = (phase: number, stage: 'train' | 'distil' | null, step: number) => ({ phase, stage, step });
  const facts: [EventBody, ReturnType<typeof at>][] = [
    [runStarted(), START],
    [{ kind: 'phase-started' }, at(0, null, 0)],
    [{ kind: 'stage-started', steps: 4 }, at(0, 'train', 0)],
    [progress(2), at(0, 'train', 2)],
    [{ kind: 'paused' }, at(0, 'train', 2)],
    [{ kind: 'resumed' }, at(0, 'train', 2)],
    [{ kind: 'setting-changed', field: 'lambda', value: 0.7, previous: 0.5 }, at(0, 'train', 3)],
    [{ kind: 'run-continued', engine: ENGINE, pid: 2 }, at(0, 'train', 1)],
    [{ kind: 'stage-ended', seconds: 1 }, at(0, 'train', 4)],
    [{ kind: 'exemplars-stored', file: phaseFile(0, 'exemplars'), changes: [], meanChange: 0 }, at(0, 'train', 4)],
    [{ kind: 'exemplars-learned', ...learning }, at(0, 'train', 4)],
    [{ kind: 'evaluated', file: phaseFile(0, 'evaluation'), metrics }, at(0, 'train', 4)],
    [{ kind: 'warning', message: 'Careful.' }, at(0, null, 0)],
    [{ kind: 'phase-ended', seconds: 2, checkpoint: phaseFile(0, 'model') }, at(0, null, 0)],
    [{ kind: 'run-ended', outcome: 'completed', error: null }, at(1, null, 0)],
  ];
  for (const [body, place] of facts) log.append(body, place);
  log.close();
  const bytes = readFileSync(path);
  rmSync(dir, { recursive: true });
  return bytes;
}

/** A run's folder with a phase; files that one target mutates are put over these. */
export function writeRun(folder: string): void {
  mkdirSync(join(folder, phaseFolder(0)), { recursive: true });
  writeFileSync(join(folder, RUN_FILES.run), runFiles()[0] ?? '');
  writeFileSync(join(folder, RUN_FILES.events), events());
  writeFileSync(join(folder, phaseFolder(0), PHASE_FILES.evaluation), JSON.stringify(evaluation()));
  writeFileSync(join(folder, phaseFolder(0), PHASE_FILES.exemplars), exemplarFile());
}
