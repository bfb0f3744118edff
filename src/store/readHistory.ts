import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CondensedLog } from '../protocol/condensedLog';
import type { RunEvent } from '../protocol/events';
import { RUN_FILES } from '../protocol/runLayout';
import { RunFold } from '../protocol/foldEvents';
import type { RunView } from '../protocol/runView';
import { EventReader } from './eventReader';
import { assertWholeLog, knownOfLog, type OnLostEvents } from './checkLog';

/**
 * The fold of a run's whole log; null where it has no events yet.
 * @param onLost for who can go on without the log's last lines
 * @throws LabError `run-folder`
 */
export async function readView(runDir: string, onLost?: OnLostEvents): Promise<RunView | null> {
  const fold = new RunFold();
  await readLog(runDir, (event) => fold.add(event), onLost);
  return fold.view;
}

/** A run's log, condensed: what is sent to a page or written into a report. @param onLost as of `readView` @throws LabError `run-folder` */
export async function readCondensed(runDir: string, onLost?: OnLostEvents): Promise<readonly RunEvent[]> {
  const log = new CondensedLog();
  await readLog(runDir, (event) => log.add(event), onLost);
  return log.events;
}

async function readLog(runDir: string, visit: (event: RunEvent) => void, onLost?: OnLostEvents): Promise<void> {
  const path = join(runDir, RUN_FILES.events);
  const known = await knownOfLog(runDir);
  const log = new EventReader(path);
  // A run that was killed before it had a log has no events, and begins anew when it is resumed.
  if (existsSync(path) || !known) await log.read(visit);
  if (known) await assertWholeLog(runDir, known, log, onLost);
}
