import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { DataSet } from '../data/dataSet';
import { planWarnings } from '../learning/planWarnings';
import { actsInHost, type Config } from '../protocol/config';
import type { EngineInfo } from '../protocol/engineInfo';
import { configError, runError, toErrorInfo } from '../protocol/errors';
import type { EventBody, Plan, RunEvent } from '../protocol/events';
import { phaseFile, RUN_FILES } from '../protocol/runLayout';
import { foldEvent, foldEvents, type RunView } from '../protocol/runView';
import { readEvents } from '../store/eventLog';
import type { RunFolder } from '../store/runFolder';
import type { CompiledSteps } from './compiledSteps';
import { watchingForDivergence } from './divergence';
import type { Evaluation } from './evaluation';
import { storePhase } from './phaseResults';
import { Progress } from './progress';
import { saveResumePoint } from './resumePoint';
import type { RunControl } from './runControl';
import { STAGE_STARTS } from './stages/registry';
import { assertFinite, StepAbandoned, type StageRun } from './stages/stage';
import type { TrainingState } from './trainingState';

export interface RunListener {
  onEvent?(event: RunEvent): void;
  /** Something that people should know and that is no fact of the run. */
  onNotice?(text: string): void;
}

export interface RunResult {
  readonly outcome: 'completed' | 'stopped';
  readonly runDir: string;
  readonly view: RunView;
}

interface RunJob extends RunListener {
  readonly folder: RunFolder;
  readonly config: Config;
  readonly plan: Plan;
  readonly data: DataSet;
  readonly steps: CompiledSteps;
  readonly state: TrainingState;
  readonly engine: EngineInfo;
  readonly resumed: boolean;
  readonly control: RunControl;
}

/** A resume point is written at each stage's end, when the run stops, and at least so often. */
const RESUME_POINT_MS = 60_000;

/** Takes a run through its plan, one step after the other, and turns all that happens into events and files. */
export class RunLoop {
  private view: RunView | null = null;
  private config: Config;
  private readonly progress: Progress;
  private evaluation: Evaluation | null = null;
  private lastResumePoint = performance.now();
  /** True once the log has the run's end. */
  private ended = false;

  constructor(private readonly job: RunJob) {
    this.config = job.config;
    this.progress = new Progress(job.plan);
  }

  /** Runs to the end, or to where the run is told to stop. The folder is closed in every case. */
  async run(): Promise<RunResult> {
    const { folder, state } = this.job;
    try {
      await this.begin();
      const stopped = await this.runPhases();
      await this.finish(stopped ? 'stopped' : 'completed');
      if (!this.view) throw new Error('A run without events');
      return { outcome: stopped ? 'stopped' : 'completed', runDir: folder.dir, view: this.view };
    } catch (error) {
      const info = toErrorInfo(error);
      // Should the folder itself be what failed, the first error is the one to tell.
      await this.finish('failed', info).catch(() => undefined);
      throw error;
    } finally {
      state.replaceMomentum(null);
      await folder.close().catch(() => undefined);
    }
  }

  private async begin(): Promise<void> {
    const { folder, plan, engine, steps, resumed } = this.job;
    if (resumed) {
      this.view = foldEvents(await readEvents(join(folder.dir, RUN_FILES.events)));
      const { phase, stage, step } = this.job.state.cursor;
      if (!this.view && phase + stage + step > 0)
        throw runError(`${folder.dir} has a resume point, but ${RUN_FILES.events} is missing or empty; restore it from a copy to resume the run.`);
      await folder.updateRun({ status: 'running', ended: null, error: null });
    }
    if (this.view) {
      // The log has the changes that were answered, also those after the resume point.
      this.config = this.view.config;
      this.emit({ kind: 'run-continued', engine, pid: process.pid });
    } else {
      this.emit({
        kind: 'run-started',
        runId: folder.run.id,
        config: this.config,
        plan,
        engine,
        headline: steps.host.headline,
        pid: process.pid,
      });
      for (const message of planWarnings(this.config, plan, this.job.data.classNames.length)) this.emit({ kind: 'warning', message });
    }
  }

  /** @returns true where it was stopped */
  private async runPhases(): Promise<boolean> {
    const { plan, state } = this.job;
    for (let current = plan.phases[state.cursor.phase]; current; current = plan.phases[state.cursor.phase]) {
      const { phase, stages } = current;
      if (state.cursor.stage === 0 && state.cursor.step === 0) this.emit({ kind: 'phase-started' });
      while (state.cursor.stage < stages.length) {
        if (await this.runStage()) return true;
        state.cursor = { phase, stage: state.cursor.stage + 1, step: 0 };
        // An evaluated phase is stored before its resume point, so that one never stands between the two.
        if (state.cursor.stage < stages.length) await this.saveResumePoint();
      }
      await this.endPhase(phase);
    }
    return false;
  }

  private async runStage(): Promise<boolean> {
    const { job } = this;
    const { state, plan } = job;
    const { phase, stage: index, step: from } = state.cursor;
    const phasePlan = plan.phases[phase];
    const stagePlan = phasePlan?.stages[index];
    if (!phasePlan || !stagePlan) throw new Error(`The plan has no stage ${index} in phase ${phase}`);
    const context = {
      config: () => this.config,
      steps: job.steps,
      data: job.data,
      plan,
      phase: phasePlan,
      state,
      evaluated: (evaluation: Evaluation) => (this.evaluation = evaluation),
      midStep: async () => {
        if (await job.control.stopIsWished()) throw new StepAbandoned();
      },
    };
    const stage = await this.work(() => STAGE_STARTS[stagePlan.stage](context, from));
    if (from === 0) this.emit({ kind: 'stage-started', steps: stagePlan.steps });
    while (state.cursor.step < stagePlan.steps) {
      if (await this.boundary(stage)) return true;
      await this.unlessAbandoned(this.runStep(stage, stagePlan, state.cursor.step));
    }
    while (!(await this.unlessAbandoned(this.work(() => stage.end())))) if (await this.boundary(stage)) return true;
    this.emit({ kind: 'stage-ended', seconds: state.stageSeconds });
    state.stageSeconds = 0;
    return false;
  }

  private async runStep(stage: StageRun, { steps }: { steps: number }, i: number): Promise<void> {
    const { progress } = this;
    const { state } = this.job;
    const { phase, stage: index } = state.cursor;
    const before = state.stageSeconds;
    const result = await this.work(async () => {
      const done = await stage.step(i);
      if (done.loss !== null) assertFinite([done.loss]);
      return done;
    });
    progress.add(state.cursor, result, state.stageSeconds - before);
    state.cursor = { phase, stage: index, step: i + 1 };
    const report = progress.report(state.cursor, i + 1 === steps, performance.now());
    if (report) this.emit({ kind: 'progress', ...report });
    if (performance.now() - this.lastResumePoint > RESUME_POINT_MS) await this.saveResumePoint(stage);
  }

  /** @returns false where it was given up for a stop, which the next boundary carries out */
  private unlessAbandoned(part: Promise<void>): Promise<boolean> {
    return part.then(
      () => true,
      (error: unknown) => {
        if (error instanceof StepAbandoned) return false;
        throw error;
      },
    );
  }

  /** Does a part of the stage, and adds what it takes to the seconds of stage and phase. */
  private async work<T>(part: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await watchingForDivergence(this.place(), part);
    const seconds = (performance.now() - started) / 1000;
    this.job.state.stageSeconds += seconds;
    this.job.state.phaseSeconds += seconds;
    return result;
  }

  private boundary(stage: StageRun): Promise<boolean> {
    return this.job.control.boundary({
      onStop: () => this.saveResumePoint(stage),
      onPause: async () => {
        await this.saveResumePoint(stage);
        this.emit({ kind: 'paused' });
      },
      onResume: async () => this.emit({ kind: 'resumed' }),
      onSet: async ({ field, value }) => {
        if (!actsInHost(field, this.config.host))
          throw configError(
            `"${field}" does nothing in a run with ${this.config.host}, whose loss has weights of its own: leave it as it is.`,
          );
        const previous = this.config[field];
        this.config = { ...this.config, [field]: value };
        this.emit({ kind: 'setting-changed', field, value, previous });
        await this.saveResumePoint(stage);
      },
    });
  }

  private async endPhase(phase: number): Promise<void> {
    const { folder, plan, state, data, steps } = this.job;
    if (!this.evaluation) throw new Error(`Phase ${phase} was not evaluated`);
    const bodies = await storePhase({ config: this.config, folder, plan, phase, state, data, evaluation: this.evaluation });
    for (const body of bodies) this.emit(body);
    state.endPhase();
    const headline = state.evaluations.at(-1)?.[steps.host.headline];
    if (headline) {
      const { averageAccuracy, paperForgetting, standardForgetting } = headline;
      await folder.updateRun({ summary: { averageAccuracy, paperForgetting, standardForgetting } });
    }
    this.emit({ kind: 'phase-ended', seconds: state.phaseSeconds, checkpoint: phaseFile(phase, 'model') });
    state.phaseSeconds = 0;
    state.cursor = { phase: phase + 1, stage: 0, step: 0 };
    await this.saveResumePoint();
  }

  /** @param stage the stage at work; one that begins anew when it is resumed has its resume point at its beginning */
  private async saveResumePoint(stage?: StageRun): Promise<void> {
    const { folder, state } = this.job;
    await saveResumePoint(folder, state, stage?.restarts ? { ...state.cursor, step: 0 } : state.cursor);
    this.lastResumePoint = performance.now();
  }

  private async finish(outcome: 'completed' | 'stopped' | 'failed', error: ReturnType<typeof toErrorInfo> | null = null): Promise<void> {
    // Should run.json fail after the log had its end, the log keeps the one it has.
    if (!this.ended) this.emit({ kind: 'run-ended', outcome, error });
    this.ended = true;
    await this.job.folder.updateRun({ status: outcome, ended: new Date().toISOString(), error });
  }

  /** Where the run is, as events say it. */
  private place() {
    const { state, plan } = this.job;
    const { phase, stage, step } = state.cursor;
    return { phase: Math.min(phase, plan.phases.length - 1), stage: plan.phases[phase]?.stages[stage]?.stage ?? null, step };
  }

  private emit(body: EventBody): void {
    const event = this.job.folder.append(body, this.place());
    this.view = foldEvent(this.view, event);
    this.job.onEvent?.(event);
  }
}
