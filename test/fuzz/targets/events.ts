import { join } from 'node:path';
import { RUN_FILES } from '../../../src/protocol/runLayout';
import { foldEvents } from '../../../src/protocol/foldEvents';
import { readEvents } from '../../../src/store/eventLog';
import { mutatedLines } from '../inputs/lines';
import { events } from '../inputs/runFolder';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  runs: 8000,
  file: RUN_FILES.events,
  codes: ['run-folder'],
  seeds: () => [events()],
  mutated: mutatedLines,
  read: async (folder) => foldEvents(await readEvents(join(folder, RUN_FILES.events))),
};
