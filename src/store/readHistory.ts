import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CondensedLog } from '../protocol/condensedLog';
import type { RunEvent } from '../protocol/events';
import { RUN_FILES } from '../protocol/runLayout';
import { RunFold } from '../protocol/foldEvents';
import type { RunView } from '../protocol/runView';
import { EventReader } from './eventReader';

/** The fold of a run's whole log; null where it has no events yet. @throws LabError `run-folder` */
export async function readView(runDir: string): Promise<RunView | null> {
  const fold = new RunFold();
  await readLog(runDir, (event) => fold.add(event));
  return fold.view;
}

/** A run's log, condensed: what is sent to a page or written into a report. @throws LabError `run-folder` */
export async function readCondensed(runDir: string): Promise<readonly RunEvent[]> {
  const log = new CondensedLog();
  await readLog(runDir, (event) => log.add(event));
  return log.events;
}

async function readLog(runDir: string, visit: (event: RunEvent) => void): Promise<void> {
  const path = join(runDir, RUN_FILES.events);
  // A run that was killed before it had a log has no events, and begins anew when it is resumed.
  if (!existsSync(path) && existsSync(join(runDir, RUN_FILES.run))) return;
  await new EventReader(path).read(visit);
}
