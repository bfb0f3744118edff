import path from 'node:path';
import { type RunEvent } from '../../protocol/events';
import { RUN_FILES } from '../../protocol/runLayout';
import { readEvents } from '../../store/eventLog';
import { isRunAlive } from '../../store/runLock';

/** Whether a run's process lives, and in this window: `live`, `elsewhere` or `ended`. */
export interface StoredHistory {
  readonly events: readonly RunEvent[];
  readonly ownership: 'elsewhere' | 'ended';
}

/** A run of another process, or of none, as its folder tells it. @throws LabError `run-folder` */
export async function storedHistory(runDir: string): Promise<StoredHistory> {
  // In this order: a process that ends in between is then shown as alive once more, never as ended with events missing.
  const ownership = (await isRunAlive(runDir)) ? 'elsewhere' : 'ended';
  return { events: await readEvents(path.join(runDir, RUN_FILES.events)), ownership };
}
