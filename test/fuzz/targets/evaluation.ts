import { phaseFile } from '../../../src/protocol/runLayout';
import { readEvaluation } from '../../../src/store/readEvaluation';
import { bytesOfText } from '../inputs/bytes';
import { mutatedJsonText } from '../inputs/json';
import { evaluation } from '../inputs/runFolder';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  runs: 6000,
  file: phaseFile(0, 'evaluation'),
  codes: ['run-folder'],
  seeds: () => [bytesOfText(JSON.stringify(evaluation()))],
  mutated: mutatedJsonText,
  read: (folder) => readEvaluation(folder, 0),
};
