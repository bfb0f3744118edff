import { controlAnswerSchema, type ControlAnswer } from '../../../src/protocol/control';
import { takeAnswer } from '../../../src/store/askRun';
import { join } from 'node:path';
import { bytesOfText } from '../inputs/bytes';
import { mutatedJsonText } from '../inputs/json';
import type { FuzzTarget } from '../target';

const FILE = 'answer.json';
const where = { schemaVersion: 1, phase: 2, stage: 'distil', step: 40 } as const;
const answers: readonly ControlAnswer[] = [
  { ...where, error: null },
  { ...where, error: { code: 'not-possible-now', message: 'The run is paused already; resume it instead.', exitCode: 2 } },
];

/** What a run answers to `control`. */
export const target: FuzzTarget = {
  runs: 4000,
  file: FILE,
  codes: ['run-folder'],
  seeds: () => answers.map((answer) => bytesOfText(JSON.stringify(controlAnswerSchema.parse(answer)))),
  mutated: mutatedJsonText,
  read: (folder) => takeAnswer(join(folder, FILE)),
};
