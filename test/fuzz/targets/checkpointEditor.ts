import { join } from 'node:path';
import { answerCheckpoint } from '../../../src/extension/checkpoint/answerCheckpoint';
import { LabError } from '../../../src/protocol/errors';
import { toCheckpointSchema } from '../../../src/protocol/webviewMessages';
import { checkpoints, exemplarFile, mutatedHeaders } from '../inputs/safetensorsFile';
import type { FuzzTarget } from '../target';

/** What the page asks for when it opens a file; each answer must be one that the page understands. */
export const target: FuzzTarget = {
  runs: 4000,
  file: 'x.safetensors',
  codes: ['run-folder'],
  seeds: () => [...checkpoints(), exemplarFile()],
  mutated: mutatedHeaders,
  async read(folder) {
    const file = { scheme: 'file', fsPath: join(folder, 'x.safetensors') };
    const ask = async (request: Parameters<typeof answerCheckpoint>[1]) => toCheckpointSchema.parse(await answerCheckpoint(file, request));
    const opened = await ask({ type: 'ready' });
    const name = opened.type === 'snapshot' ? (opened.tensors[0]?.name ?? 'x') : 'x';
    await ask({ type: 'get-statistics', name });
    await ask({ type: 'get-exemplars' });
    await ask({ type: 'check' });
    if (opened.type === 'failed') throw new LabError(opened.error.code, opened.error.exitCode, opened.error.message);
    return opened;
  },
};
