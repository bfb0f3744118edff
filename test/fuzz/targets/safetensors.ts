import { join } from 'node:path';
import { LabError } from '../../../src/protocol/errors';
import { isExemplarFile } from '../../../src/store/exemplarFile';
import { readHeader, readSafetensors } from '../../../src/store/readSafetensors';
import { tensorStatistics } from '../../../src/store/tensorStatistics';
import { inspectCommand } from '../../../src/trainer/commands/inspect';
import { mutatedBytes } from '../inputs/bytes';
import { checkpoints, exemplarFile } from '../inputs/safetensorsFile';
import type { FuzzTarget } from '../target';

/** Everything that opens a `.safetensors` file of unknown origin. */
export async function readCheckpoint(folder: string): Promise<unknown> {
  const path = join(folder, 'x.safetensors');
  const header = await readHeader(path);
  isExemplarFile(header);
  const file = await readSafetensors(path);
  for (const name of [...header.tensors.keys()].slice(0, 3)) {
    await tensorStatistics(path, name).catch((error: unknown) => {
      // Of some dtypes there are no statistics.
      if (!(error instanceof LabError)) throw error;
    });
  }
  const sink = { write: () => true };
  await inspectCommand.execute({}, [path], { stdout: sink, stderr: sink, env: {}, cwd: folder });
  return file;
}

export const target: FuzzTarget = {
  runs: 8000,
  file: 'x.safetensors',
  codes: ['run-folder'],
  seeds: () => [...checkpoints(), exemplarFile()],
  mutated: (seeds) =>
    mutatedBytes(seeds, ['{', '}', '"', ',', '"shape":[', '"dtype":"F32"', '[4294967296,4294967296]', '"data_offsets":[0,', '-1', '1e400']),
  read: readCheckpoint,
};
