import { changesToRepeat, isLater } from '../protocol/countedChanges';
import { notNowError } from '../protocol/errors';
import type { LiveChange } from '../protocol/liveChange';
import { planOf } from './planOf';
import type { RunJob } from './runJob';
import type { RunRecord } from './runRecord';
import { settingEvents, type SettingChanged } from './settingEvents';
import type { StageRun } from './stages/stage';

/** Changes of settings between two steps: what is wished of the run, or what the run that it repeats changed there. */
export class LiveChanges {
  constructor(
    private readonly job: RunJob,
    private readonly record: RunRecord,
  ) {}

  /** All of the changes or none of them. To the value that is there already is none. @throws LabError for what can't be changed */
  async make(stage: StageRun, changes: readonly LiveChange[]): Promise<void> {
    const replay = this.record.view?.replay;
    if (replay)
      throw notNowError(`This run repeats ${replay.run}, with its changes and no others; start a run of its own to change settings.`);
    await this.log(
      stage,
      this.eventsOf(changes).filter(({ value, previous }) => value !== previous),
    );
  }

  /** What the run that is repeated changed up to here, also where it changed nothing. */
  async repeat(stage: StageRun): Promise<void> {
    const { record } = this;
    for (;;) {
      const [change] = record.view ? changesToRepeat(record.view) : [];
      if (!change || isLater(record.plan, change, record.place)) return;
      await this.log(stage, this.eventsOf([change]));
    }
  }

  private eventsOf(changes: readonly LiveChange[]): SettingChanged[] {
    const { config, plan, place } = this.record;
    return settingEvents(changes, { config, plan, at: place, planOf: (changed) => planOf(changed, this.job.data) });
  }

  private async log(stage: StageRun, events: readonly SettingChanged[]): Promise<void> {
    const { record } = this;
    if (events.length === 0) return;
    const before = record.warnings;
    // First, so that a run that is killed between the two goes on as if it had not been asked, which nobody was told otherwise.
    await record.saveResumePoint(stage);
    for (const event of events) record.emit(event);
    for (const message of record.warnings) if (!before.includes(message)) record.emit({ kind: 'warning', message });
  }
}
