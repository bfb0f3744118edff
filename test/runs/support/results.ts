import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { phaseFile, type PHASE_FILES } from '../../../src/protocol/runLayout';

type PhaseFile = keyof typeof PHASE_FILES;

/** sha256 of what a run has stored of each phase, by file: weights and exemplars, unless others are asked for. Two phases is what tiny runs have. */
export const resultsOf = (
  runDir: string,
  { phases = [0, 1], files = ['model', 'exemplars'] }: { readonly phases?: readonly number[]; readonly files?: readonly PhaseFile[] } = {},
): Record<string, string> =>
  Object.fromEntries(
    phases.flatMap((phase) =>
      files.map((name) => {
        const file = phaseFile(phase, name);
        return [
          file,
          createHash('sha256')
            .update(readFileSync(join(runDir, file)))
            .digest('hex'),
        ];
      }),
    ),
  );
