import { join } from 'node:path';
import { CondensedLog } from '../protocol/condensedLog';
import type { RunEvent } from '../protocol/events';
import { RUN_FILES } from '../protocol/runLayout';
import { RunFold, type RunView } from '../protocol/runView';
import { EventReader } from './eventReader';

/** The fold of a run's whole log; null where it has no events yet. @throws LabError `run-folder` */
export async function readView(runDir: string): Promise<RunView | null> {
  const fold = new RunFold();
  await new EventReader(join(runDir, RUN_FILES.events)).read((event) => fold.add(event));
  return fold.view;
}

/** A run's log, condensed: what is sent to a page or written into a report. @throws LabError `run-folder` */
export async function readCondensed(runDir: string): Promise<readonly RunEvent[]> {
  const log = new CondensedLog();
  await new EventReader(join(runDir, RUN_FILES.events)).read((event) => log.add(event));
  return log.events;
}
