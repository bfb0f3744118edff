import path from 'node:path';
import { type RunEvent } from '../../protocol/events';
import { RUN_FILES } from '../../protocol/runLayout';
import { EventReader } from '../../store/eventReader';
import { assertWholeLog, knownOfLog } from '../../store/checkLog';
import { isRunAlive } from '../../store/runLock';

/** A run of another process, or of none, as its folder tells it: first all of its log, then what has come since. */
export class StoredRun {
  private readonly log: EventReader;

  constructor(private readonly runDir: string) {
    this.log = new EventReader(path.join(runDir, RUN_FILES.events));
  }

  /** @returns whether a process is writing the run. @throws LabError `run-folder` */
  async read(visit: (event: RunEvent) => void): Promise<'elsewhere' | 'ended'> {
    // In this order: a process that ends in between is then shown as alive once more, never as ended with events missing.
    const ownership = (await isRunAlive(this.runDir)) ? 'elsewhere' : 'ended';
    const known = ownership === 'ended' ? await knownOfLog(this.runDir) : null;
    await this.log.read(visit);
    if (known) await assertWholeLog(this.runDir, known, this.log);
    return ownership;
  }
}
