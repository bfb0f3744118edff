import { performance } from 'node:perf_hooks';
import { planWarnings } from '../learning/planWarnings';
import type { Config } from '../protocol/config';
import type { toErrorInfo } from '../protocol/errors';
import type { EventBody, Plan, RunPlace } from '../protocol/events';
import { foldEvent } from '../protocol/foldEvent';
import type { RunView } from '../protocol/runView';
import { readView } from '../store/readHistory';
import { saveResumePoint } from './resumePoint';
import type { RunJob } from './runJob';
import type { StageRun } from './stages/stage';

/** What a run has told so far, and where it can be gone on with: its log, the log's fold, and its resume points. */
export class RunRecord {
  private folded: RunView | null = null;
  private lastResumePoint = performance.now();
  /** True once the log has the run's end. */
  private ended = false;

  constructor(private readonly job: RunJob) {}

  /** The fold of all events; null before the first. */
  get view(): RunView | null {
    return this.folded;
  }
  /** Config and plan as they stand: the log has the changes that were answered, and its fold says which of them count. */
  get config(): Config {
    return this.folded?.config ?? this.job.config;
  }
  get plan(): Plan {
    return this.folded?.plan ?? this.job.plan;
  }

  /** The stage at the cursor, as it is planned now. */
  get stagePlan(): Plan['phases'][number]['stages'][number] {
    const { phase, stage } = this.job.state.cursor;
    const found = this.plan.phases[phase]?.stages[stage];
    if (!found) throw new Error(`The plan has no stage ${stage} in phase ${phase}`);
    return found;
  }

  /** Where the run is, as events say it. */
  get place(): RunPlace {
    const { plan } = this;
    const { phase, stage, step } = this.job.state.cursor;
    return { phase: Math.min(phase, plan.phases.length - 1), stage: plan.phases[phase]?.stages[stage]?.stage ?? null, step };
  }

  get warnings(): string[] {
    return planWarnings(this.config, this.plan, this.job.data.classNames.length);
  }

  /** Takes up what an earlier process has told. @param onLost is told where the last of it is gone */
  async takeUp(onLost: (problem: string) => void): Promise<RunView | null> {
    this.folded = await readView(this.job.folder.dir, ({ message }) => onLost(message));
    return this.folded;
  }

  emit(body: EventBody): void {
    const event = this.job.folder.append(body, this.place);
    this.folded = foldEvent(this.folded, event);
    this.job.onEvent?.(event);
  }

  /** @param stage the stage at work; one that begins anew when it is resumed has its resume point at its beginning */
  async saveResumePoint(stage?: StageRun): Promise<void> {
    const { folder, state } = this.job;
    const started = performance.now();
    await saveResumePoint(folder, state, stage?.restarts ? { ...state.cursor, step: 0 } : state.cursor);
    this.lastResumePoint = performance.now();
    this.job.onResumePoint?.((this.lastResumePoint - started) / 1000);
  }

  /** Is the last resume point so long ago? */
  needsResumePoint(afterMs: number): boolean {
    return performance.now() - this.lastResumePoint >= afterMs;
  }

  async end(outcome: 'completed' | 'stopped' | 'failed', error: ReturnType<typeof toErrorInfo> | null = null): Promise<void> {
    // Should run.json fail after the log had its end, the log keeps the one it has.
    if (!this.ended) this.emit({ kind: 'run-ended', outcome, error });
    this.ended = true;
    await this.job.folder.updateRun({ status: outcome, ended: new Date().toISOString(), error });
  }
}
