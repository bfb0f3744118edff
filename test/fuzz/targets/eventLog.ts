import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EventLog } from '../../../src/store/eventLog';
import { START } from '../../store/support/sampleRun';
import type { FuzzTarget } from '../target';
import { target as events } from './events';

/** The writer goes on where a log ends, whatever is in it. */
export const target: FuzzTarget = {
  ...events,
  runs: 3000,
  read(folder) {
    const copy = join(folder, 'copy.jsonl');
    copyFileSync(join(folder, events.file), copy);
    try {
      const log = EventLog.open(copy);
      log.append({ kind: 'resumed' }, START);
      log.close();
    } finally {
      rmSync(copy);
    }
  },
};
