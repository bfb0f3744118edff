import { basename } from 'node:path';
import { RUN_FILES } from '../../../src/protocol/runLayout';
import { readRunFile, readRunSummary } from '../../../src/store/readRun';
import { mutatedJsonText } from '../inputs/json';
import { runFiles } from '../inputs/runFolder';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  runs: 8000,
  file: RUN_FILES.run,
  codes: ['run-folder'],
  seeds: runFiles,
  mutated: mutatedJsonText,
  async read(folder) {
    await readRunSummary(folder, basename(folder));
    return readRunFile(folder);
  },
};
