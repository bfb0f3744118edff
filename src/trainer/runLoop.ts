import { performance } from 'node:perf_hooks';
import type { DataSet } from '../data/dataSet';
import { planWarnings } from '../learning/planWarnings';
import type { Config } from '../protocol/config';
import { changesToRepeat, isLater } from '../protocol/countedChanges';
import type { EngineInfo } from '../protocol/engineInfo';
import { notNowError, runError, toErrorInfo } from '../protocol/errors';
import type { EventBody, Plan, RunEvent, RunPlace } from '../protocol/events';
import type { LiveChange } from '../protocol/liveChange';
import { phaseFile, RUN_FILES } from '../protocol/runLayout';
import { foldEvent, type RunView } from '../protocol/runView';
import { assertSameBeginning } from '../store/checkBeginning';
import { checkPhaseFiles } from '../store/checkPhaseFiles';
import { readView } from '../store/readHistory';
import type { RunFolder } from '../store/runFolder';
import type { CompiledSteps } from './compiledSteps';
import { watchingForDivergence } from './divergence';
import { engineOnDisk } from './engineOfRun';
import type { Evaluation } from './evaluation';
import { storePhase } from './phaseResults';
import { planOf } from './planOf';
import { Progress } from './progress';
import { saveResumePoint } from './resumePoint';
import type { RunControl } from './runControl';
import { settingEvents } from './settingEvents';
import { STAGE_STARTS } from './stages/registry';
import { assertFinite, StepAbandoned, type StageRun } from './stages/stage';
import type { TrainingState } from './trainingState';

export interface RunListener {
  onEvent?(event: RunEvent): void;
  /** Something that people should know and that is no fact of the run. */
  onNotice?(text: string): void;
  /** A resume point was written, which kept the training waiting for so many seconds. */
  onResumePoint?(seconds: number): void;
}

/** What a run does by the clock, in milliseconds. */
export interface RunPaces {
  /** A resume point is written at each stage's end, when the run stops, and at least so often. */
  readonly resumePointMs: number;
  /** At most so often does a stage report. */
  readonly reportMs: number;
}
const PACES: RunPaces = { resumePointMs: 60_000, reportMs: 250 };

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
  /** Where a new run repeats another. */
  readonly replay?: RunView['replay'] | undefined;
  readonly control: RunControl;
  readonly paces?: RunPaces;
}

/** Takes a run through its plan, one step after the other, and turns all that happens into events and files. */
export class RunLoop {
  private view: RunView | null = null;
  private readonly paces: RunPaces;
  private readonly progress: Progress;
  private evaluation: Evaluation | null = null;
  private lastResumePoint = performance.now();
  /** True once the log has the run's end. */
  private ended = false;

  constructor(private readonly job: RunJob) {
    this.paces = job.paces ?? PACES;
    this.progress = new Progress(() => this.plan, this.paces.reportMs);
  }

  /** As they stand: the log has the changes that were answered, and its fold says which of them count. */
  private get config(): Config {
    return this.view?.config ?? this.job.config;
  }
  private get plan(): Plan {
    return this.view?.plan ?? this.job.plan;
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
    const { folder, engine, steps, resumed, replay } = this.job;
    const { config, plan } = this;
    if (resumed) {
      this.view = await readView(folder.dir);
      const { phase, stage, step } = this.job.state.cursor;
      if (!this.view && phase + stage + step > 0)
        throw runError(
          `${folder.dir} has a resume point, but ${RUN_FILES.events} is missing or empty; restore it from a copy to resume the run.`,
        );
      if (this.view) assertSameBeginning(folder.dir, folder.run, this.view.beginning.config);
      await folder.updateRun({ status: 'running', ended: null, error: null, ...engineOnDisk(folder.run, engine, this.view !== null) });
    }
    if (this.view) {
      this.emit({ kind: 'run-continued', engine, pid: process.pid });
      for (const message of await checkPhaseFiles(folder.dir, this.job.state.cursor.phase)) this.emit({ kind: 'warning', message });
    } else {
      this.emit({
        kind: 'run-started',
        runId: folder.run.id,
        config,
        plan,
        engine,
        headline: steps.host.headline,
        pid: process.pid,
        ...(replay ? { replay } : {}),
      });
      for (const message of this.planWarnings()) this.emit({ kind: 'warning', message });
    }
  }

  /** @returns true where it was stopped */
  private async runPhases(): Promise<boolean> {
    const { state } = this.job;
    for (let current = this.plan.phases[state.cursor.phase]; current; current = this.plan.phases[state.cursor.phase]) {
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
    const { job, plan } = this;
    const { state } = job;
    const { phase, step: from } = state.cursor;
    const phasePlan = plan.phases[phase];
    if (!phasePlan) throw new Error(`The plan has no phase ${phase}`);
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
    const { stage: kind, steps } = this.stagePlan();
    const stage = await this.work(() => STAGE_STARTS[kind](context, from));
    if (from === 0) this.emit({ kind: 'stage-started', steps });
    while (await this.hasStep(stage)) {
      if (await this.boundary(stage)) return true;
      // Fewer epochs may have ended the stage here.
      if (state.cursor.step < this.stagePlan().steps) await this.unlessAbandoned(this.runStep(stage, state.cursor.step));
    }
    if (this.progress.isBehind) this.report(true);
    while (!(await this.unlessAbandoned(this.work(() => stage.end())))) if (await this.boundary(stage)) return true;
    this.emit({ kind: 'stage-ended', seconds: state.stageSeconds });
    state.stageSeconds = 0;
    return false;
  }

  /** The stage at the cursor, as it is planned now. */
  private stagePlan(): Plan['phases'][number]['stages'][number] {
    const { phase, stage } = this.job.state.cursor;
    const found = this.plan.phases[phase]?.stages[stage];
    if (!found) throw new Error(`The plan has no stage ${stage} in phase ${phase}`);
    return found;
  }

  /** Is there a step to be made? A run that repeats another first changes what that one changed here, which may give the stage more steps or fewer. */
  private async hasStep(stage: StageRun): Promise<boolean> {
    for (;;) {
      const [change] = this.view ? changesToRepeat(this.view) : [];
      if (!change || isLater(this.plan, change, this.place())) break;
      await this.change(stage, [change], true);
    }
    return this.job.state.cursor.step < this.stagePlan().steps;
  }

  private async runStep(stage: StageRun, i: number): Promise<void> {
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
    this.report(i + 1 === this.stagePlan().steps);
    if (performance.now() - this.lastResumePoint >= this.paces.resumePointMs) await this.saveResumePoint(stage);
  }

  private report(last: boolean): void {
    const report = this.progress.report(this.job.state.cursor, last, performance.now());
    if (report) this.emit({ kind: 'progress', ...report });
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
      onSet: async (changes) => {
        if (this.view?.replay)
          throw notNowError(
            `This run repeats ${this.view.replay.run}, with its changes and no others; start a run of its own to change settings.`,
          );
        await this.change(stage, changes);
      },
    });
  }

  /**
   * Changes settings between two steps, all of the changes or none of them. To the value that is there already is no change, but where
   * it was one in the run that is repeated.
   * @throws LabError
   */
  private async change(stage: StageRun, changes: readonly LiveChange[], repeated = false): Promise<void> {
    const { config, plan, job } = this;
    const all = settingEvents(changes, { config, plan, at: this.place(), planOf: (changed) => planOf(changed, job.data) });
    const events = repeated ? all : all.filter(({ value, previous }) => value !== previous);
    if (events.length === 0) return;
    const warnings = this.planWarnings();
    // First, so that a run that is killed between the two goes on as if it had not been asked, which nobody was told otherwise.
    await this.saveResumePoint(stage);
    for (const event of events) this.emit(event);
    for (const message of this.planWarnings()) if (!warnings.includes(message)) this.emit({ kind: 'warning', message });
  }

  private planWarnings(): string[] {
    return planWarnings(this.config, this.plan, this.job.data.classNames.length);
  }

  private async endPhase(phase: number): Promise<void> {
    const { folder, state, data, steps } = this.job;
    const { plan } = this;
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
    const started = performance.now();
    await saveResumePoint(folder, state, stage?.restarts ? { ...state.cursor, step: 0 } : state.cursor);
    this.lastResumePoint = performance.now();
    this.job.onResumePoint?.((this.lastResumePoint - started) / 1000);
  }

  private async finish(outcome: 'completed' | 'stopped' | 'failed', error: ReturnType<typeof toErrorInfo> | null = null): Promise<void> {
    // Should run.json fail after the log had its end, the log keeps the one it has.
    if (!this.ended) this.emit({ kind: 'run-ended', outcome, error });
    this.ended = true;
    await this.job.folder.updateRun({ status: outcome, ended: new Date().toISOString(), error });
  }

  /** Where the run is, as events say it. */
  private place(): RunPlace {
    const { plan } = this;
    const { phase, stage, step } = this.job.state.cursor;
    return { phase: Math.min(phase, plan.phases.length - 1), stage: plan.phases[phase]?.stages[stage]?.stage ?? null, step };
  }

  private emit(body: EventBody): void {
    const event = this.job.folder.append(body, this.place());
    this.view = foldEvent(this.view, event);
    this.job.onEvent?.(event);
  }
}
