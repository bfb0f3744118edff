import { join } from 'node:path';
import fc from 'fast-check';
import { readExemplarFile } from '../../../src/store/exemplarFile';
import { mutatedBytes } from '../inputs/bytes';
import { exemplarFile, mutatedHeaders } from '../inputs/safetensorsFile';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  runs: 5000,
  file: 'x.safetensors',
  codes: ['run-folder'],
  seeds: () => [exemplarFile()],
  mutated: (seeds) => fc.oneof(mutatedHeaders(seeds), mutatedBytes(seeds)),
  read: (folder) => readExemplarFile(join(folder, 'x.safetensors')),
};
