import { randomUUID } from 'node:crypto';
import { RUN_FILES } from '../../../src/protocol/runLayout';
import { ownIdentity } from '../../../src/store/processIdentity';
import { isRunAlive } from '../../../src/store/runLock';
import { bytesOfText } from '../inputs/bytes';
import { mutatedJsonText } from '../inputs/json';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  runs: 5000,
  file: RUN_FILES.lock,
  codes: ['run-folder'],
  seeds: () => [bytesOfText(JSON.stringify({ schemaVersion: 1, ...ownIdentity(), token: randomUUID() }))],
  mutated: mutatedJsonText,
  read: (folder) => isRunAlive(folder),
};
