import { performance } from 'node:perf_hooks';
import type { DataSet } from '../data/dataSet';
import type { Config } from '../protocol/config';
import type { EngineInfo } from '../protocol/engineInfo';
import { divergedError, toErrorInfo } from '../protocol/errors';
import type { EventBody, Plan, RunEvent } from '../protocol/events';
import { phaseFile, RUN_FILES } from '../protocol/runLayout';
import { foldEvent, foldEvents, type RunView } from '../protocol/runView';
import { readEvents } from '../store/eventLog';
import type { RunFolder } from '../store/runFolder';
import type { CompiledSteps } from './compiledSteps';
import { storePhase, type ConfusionByClassifier } from './phaseResults';
import { Progress } from './progress';
import { saveResumePoint } from './resumePoint';
import type { RunControl } from './runControl';
import { STAGE_STARTS } from './stages/registry';
import type { StageRun } from './stages/stage';
import type { Cursor, TrainingState } from './trainingState';

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
  private confusion: ConfusionByClassifier | null = null;
  private lastResumePoint = performance.now();
  private phaseSeconds = 0;

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
    if (resumed) this.view = foldEvents(await readEvents(`${folder.dir}/${RUN_FILES.events}`));
    if (this.view) {
      await folder.updateRun({ status: 'running', ended: null, error: null });
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
    const { job, progress } = this;
    const { state, plan } = job;
    const { phase, stage: index, step: from } = state.cursor;
    const phasePlan = plan.phases[phase];
    const stagePlan = phasePlan?.stages[index];
    if (!phasePlan || !stagePlan) throw new Error(`The plan has no stage ${index} in phase ${phase}`);
    const started = performance.now();
    const stage: StageRun = await STAGE_STARTS[stagePlan.stage](
      {
        config: () => this.config,
        steps: job.steps,
        data: job.data,
        plan,
        phase: phasePlan,
        state,
        evaluated: (confusion) => (this.confusion = confusion),
      },
      from,
    );
    if (from === 0 || stage.restarts) this.emit({ kind: 'stage-started', steps: stagePlan.steps });
    for (let i = stage.restarts ? 0 : from; i < stagePlan.steps; i++) {
      if (await this.boundary()) {
        await this.saveResumePoint(stage.restarts ? { ...state.cursor, step: 0 } : state.cursor);
        return true;
      }
      const before = performance.now();
      const result = await stage.step(i);
      if (result.loss !== null && !Number.isFinite(result.loss)) throw this.diverged(stagePlan.stage, i);
      progress.add(state.cursor, result, (performance.now() - before) / 1000);
      state.cursor = { phase, stage: index, step: i + 1 };
      const report = progress.report(state.cursor, i + 1 === stagePlan.steps, performance.now());
      if (report) this.emit({ kind: 'progress', ...report });
      if (!stage.restarts && performance.now() - this.lastResumePoint > RESUME_POINT_MS) await this.saveResumePoint();
    }
    await stage.end();
    const seconds = (performance.now() - started) / 1000;
    this.phaseSeconds += seconds;
    this.emit({ kind: 'stage-ended', seconds });
    return false;
  }

  private boundary(): Promise<boolean> {
    return this.job.control.boundary({
      onPause: async () => {
        await this.saveResumePoint();
        this.emit({ kind: 'paused' });
      },
      onResume: () => this.emit({ kind: 'resumed' }),
      onSet: ({ field, value }) => {
        const previous = this.config[field];
        this.config = { ...this.config, [field]: value };
        this.emit({ kind: 'setting-changed', field, value, previous });
      },
    });
  }

  private async endPhase(phase: number): Promise<void> {
    const { folder, plan, state, data, steps } = this.job;
    if (!this.confusion) throw new Error(`Phase ${phase} was not evaluated`);
    const bodies = await storePhase({ folder, plan, phase, state, data, confusion: this.confusion });
    for (const body of bodies) this.emit(body);
    this.warnOfStillExemplars(phase);
    const headline = state.evaluations.at(-1)?.[steps.host.headline];
    if (headline) {
      const { averageAccuracy, paperForgetting, standardForgetting } = headline;
      await folder.updateRun({ summary: { averageAccuracy, paperForgetting, standardForgetting } });
    }
    this.emit({ kind: 'phase-ended', seconds: this.phaseSeconds, checkpoint: phaseFile(phase, 'model') });
    this.phaseSeconds = 0;
    state.cursor = { phase: phase + 1, stage: 0, step: 0 };
    await this.saveResumePoint();
  }

  /** Learning that moved nothing is said, since a table of accuracies would not show it. */
  private warnOfStillExemplars(phase: number): void {
    if (this.config.exemplarMethod !== 'mnemonics') return;
    const still = (this.view?.phases[phase]?.exemplars?.changes ?? []).filter(({ meanChange }) => meanChange < STILL);
    if (still.length === 0) return;
    const names = still.map(({ classIndex }) => this.job.plan.phases.flatMap((p) => p.classes)[classIndex]?.name ?? String(classIndex));
    this.emit({
      kind: 'warning',
      message: `Learning moved the exemplars of ${names.join(', ')} by less than ${STILL} on average; raise "beta1" and "beta2", or choose another "exemplarOptimizer".`,
    });
  }

  private async saveResumePoint(cursor: Cursor = this.job.state.cursor): Promise<void> {
    await saveResumePoint(this.job.folder, this.job.state, cursor, this.config.lambda);
    this.lastResumePoint = performance.now();
  }

  private async finish(outcome: 'completed' | 'stopped' | 'failed', error: ReturnType<typeof toErrorInfo> | null = null): Promise<void> {
    this.emit({ kind: 'run-ended', outcome, error });
    await this.job.folder.updateRun({ status: outcome, ended: new Date().toISOString(), error });
  }

  private diverged(stage: string, step: number): Error {
    const { phase } = this.job.state.cursor;
    const rates = stage.startsWith('mnemonics') ? '"alpha2", "beta1" or "beta2"' : stage === 'fine-tune' ? '"fineTuneAlpha"' : '"alpha1"';
    return divergedError(`The loss is no longer a number at phase ${phase}, stage ${stage}, step ${step}: lower ${rates} and start again.`);
  }

  private emit(body: EventBody): void {
    const { phase, stage, step } = this.job.state.cursor;
    const stages = this.job.plan.phases[phase]?.stages;
    const event = this.job.folder.append(body, {
      phase: Math.min(phase, this.job.plan.phases.length - 1),
      stage: stages?.[stage]?.stage ?? null,
      step,
    });
    this.view = foldEvent(this.view, event);
    this.job.onEvent?.(event);
  }
}

/** Mean |after − before| in normalised pixels below which nothing moved. */
const STILL = 1e-4;
