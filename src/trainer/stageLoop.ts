import { performance } from 'node:perf_hooks';
import { watchingForDivergence } from './divergence';
import type { Evaluation } from './evaluation';
import { Progress } from './progress';
import { LiveChanges } from './liveChanges';
import { PACES, type RunJob, type RunPaces } from './runJob';
import type { RunRecord } from './runRecord';
import { STAGE_STARTS } from './stages/registry';
import { assertFinite, StepAbandoned, type StageRun } from './stages/stage';

/** Takes the stage at the cursor from step to step, and lets what is wished of the run in between them. */
export class StageLoop {
  private readonly paces: RunPaces;
  private readonly progress: Progress;
  private readonly changes: LiveChanges;

  /** @param onEvaluated where evaluate leaves its confusion matrices for the phase's end */
  constructor(
    private readonly job: RunJob,
    private readonly record: RunRecord,
    private readonly onEvaluated: (evaluation: Evaluation) => void,
  ) {
    this.paces = job.paces ?? PACES;
    this.progress = new Progress(() => record.plan, this.paces.reportMs);
    this.changes = new LiveChanges(job, record);
  }

  /** Runs the stage to its end. @returns true where it was stopped before */
  async run(): Promise<boolean> {
    const { job, record, progress } = this;
    const { state } = job;
    const from = state.cursor.step;
    const { steps } = record.stagePlan;
    const stage = await this.begin(from);
    if (from === 0) record.emit({ kind: 'stage-started', steps });
    while (await this.hasStep(stage)) {
      if (await this.boundary(stage)) return true;
      // Fewer epochs may have ended the stage here.
      if (state.cursor.step < record.stagePlan.steps) await unlessAbandoned(this.step(stage, state.cursor.step));
    }
    if (progress.isBehind) this.report(true);
    while (!(await unlessAbandoned(this.work(() => stage.end())))) if (await this.boundary(stage)) return true;
    record.emit({ kind: 'stage-ended', seconds: state.stageSeconds });
    state.stageSeconds = 0;
    return false;
  }

  private begin(from: number): Promise<StageRun> {
    const { job, record, onEvaluated } = this;
    const { plan } = record;
    const phase = plan.phases[job.state.cursor.phase];
    if (!phase) throw new Error(`The plan has no phase ${job.state.cursor.phase}`);
    const context = {
      config: () => record.config,
      steps: job.steps,
      data: job.data,
      plan,
      phase,
      state: job.state,
      evaluated: onEvaluated,
      midStep: async () => {
        if (await job.control.stopIsWished()) throw new StepAbandoned();
      },
    };
    return this.work(() => STAGE_STARTS[record.stagePlan.stage](context, from));
  }

  /** Is there a step to be made? What a run that repeats another changes here may give the stage more steps or fewer. */
  private async hasStep(stage: StageRun): Promise<boolean> {
    await this.changes.repeat(stage);
    return this.job.state.cursor.step < this.record.stagePlan.steps;
  }

  private async step(stage: StageRun, i: number): Promise<void> {
    const { progress, record } = this;
    const { state } = this.job;
    const before = state.stageSeconds;
    const result = await this.work(async () => {
      const done = await stage.step(i);
      if (done.loss !== null) assertFinite([done.loss]);
      return done;
    });
    progress.add(state.cursor, result, state.stageSeconds - before);
    state.cursor = { ...state.cursor, step: i + 1 };
    this.report(i + 1 === record.stagePlan.steps);
    if (record.needsResumePoint(this.paces.resumePointMs)) await record.saveResumePoint(stage);
  }

  private report(last: boolean): void {
    const report = this.progress.report(this.job.state.cursor, last, performance.now());
    if (report) this.record.emit({ kind: 'progress', ...report });
  }

  /** Does a part of the stage, and adds what it takes to the seconds of stage and phase. */
  private async work<T>(part: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await watchingForDivergence(this.record.place, part);
    const seconds = (performance.now() - started) / 1000;
    this.job.state.stageSeconds += seconds;
    this.job.state.phaseSeconds += seconds;
    return result;
  }

  private boundary(stage: StageRun): Promise<boolean> {
    const { record, changes } = this;
    return this.job.control.boundary({
      onStop: () => record.saveResumePoint(stage),
      onPause: async () => {
        await record.saveResumePoint(stage);
        record.emit({ kind: 'paused' });
      },
      onResume: async () => record.emit({ kind: 'resumed' }),
      onSet: (wished) => changes.make(stage, wished),
    });
  }
}

/** @returns false where it was given up for a stop, which the next boundary carries out */
function unlessAbandoned(part: Promise<void>): Promise<boolean> {
  return part.then(
    () => true,
    (error: unknown) => {
      if (error instanceof StepAbandoned) return false;
      throw error;
    },
  );
}
