import { fieldMeta, type Config, type LiveField } from '../protocol/config';
import { planFrom } from '../protocol/countedChanges';
import { configError, notNowError } from '../protocol/errors';
import type { EventBody, Plan, RunPlace } from '../protocol/events';
import { whyIdle, type LiveChange } from '../protocol/liveChange';

export type SettingChanged = Extract<EventBody, { kind: 'setting-changed' }>;

interface ChangingRun {
  readonly config: Config;
  readonly plan: Plan;
  readonly at: RunPlace;
  /** The plan of a config: `planRun` on the run's data. */
  planOf(config: Config): Plan;
}

/**
 * What a run logs where settings change between two of its steps, in their order.
 * @throws LabError for the first change that can't be made: it does nothing in this run, ends a stage before its present step,
 * or comes after every stage that it is about
 */
export function settingEvents(changes: readonly LiveChange[], run: ChangingRun): SettingChanged[] {
  let { config, plan } = run;
  const events: SettingChanged[] = [];
  for (const { field, value } of changes) {
    const idle = whyIdle(field, config);
    if (idle) throw configError(`"${field}" does nothing in this run, so leave it as it is: ${idle}`);
    const previous = config[field];
    const next = { ...config, [field]: value };
    if (fieldMeta(field)?.epochsOf) {
      const planned = run.planOf(next);
      assertStagesLeft(field, { config, plan, at: run.at }, value, planned);
      plan = planFrom(plan, planned, run.at);
      events.push({ kind: 'setting-changed', field, value, previous, plan: planned });
    } else {
      events.push({ kind: 'setting-changed', field, value, previous });
    }
    config = next;
  }
  return events;
}

/** Epochs can change as long as a stage that they are of has not ended, and not to fewer than it has begun. */
function assertStagesLeft(field: LiveField, { config, plan, at }: Omit<ChangingRun, 'planOf'>, value: number, planned: Plan): void {
  const kinds = fieldMeta(field)?.epochsOf ?? [];
  const stages = plan.phases[at.phase]?.stages ?? [];
  const index = stages.findIndex(({ stage }) => stage === at.stage);
  const running = stages[index];
  if (running && kinds.includes(running.stage)) {
    if ((planned.phases[at.phase]?.stages[index]?.steps ?? 0) >= at.step) return;
    const begun = Math.ceil(at.step / (running.steps / config[field]));
    throw configError(
      `"${field}" can't be set to ${value}: ${running.stage} of phase ${at.phase} is in its epoch ${begun} already; set it to ${begun} or more.`,
    );
  }
  const later = [...stages.slice(index + 1), ...plan.phases.slice(at.phase + 1).flatMap((phase) => phase.stages)];
  if (!later.some(({ stage }) => kinds.includes(stage)))
    throw notNowError(`"${field}" can't change any more: no stage that it is about is still to come; start a run with the new value.`);
}
