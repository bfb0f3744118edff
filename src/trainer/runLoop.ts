import { toErrorInfo } from '../protocol/errors';
import { phaseFile } from '../protocol/runLayout';
import type { RunView } from '../protocol/runView';
import { checkPhaseFiles } from '../store/checkPhaseFiles';
import { asLogged, engineOnDisk } from './engineOfRun';
import type { Evaluation } from './evaluation';
import { storePhase } from './phaseResults';
import type { RunJob } from './runJob';
import { RunRecord } from './runRecord';
import { StageLoop } from './stageLoop';

export interface RunResult {
  readonly outcome: 'completed' | 'stopped';
  readonly runDir: string;
  readonly view: RunView;
}

/** Takes a run through its plan, one stage after the other, and turns all that happens into events and files. */
export class RunLoop {
  private readonly record: RunRecord;
  private readonly stages: StageLoop;
  private evaluation: Evaluation | null = null;

  constructor(private readonly job: RunJob) {
    this.record = new RunRecord(job);
    this.stages = new StageLoop(job, this.record, (evaluation) => (this.evaluation = evaluation));
  }

  /** Runs to the end, or to where the run is told to stop. The folder is closed in every case. */
  async run(): Promise<RunResult> {
    const { record } = this;
    const { folder, state } = this.job;
    try {
      if (this.job.resumed) await this.goOn();
      else this.begin();
      const outcome = (await this.runPhases()) ? 'stopped' : 'completed';
      await record.end(outcome);
      if (!record.view) throw new Error('A run without events');
      return { outcome, runDir: folder.dir, view: record.view };
    } catch (error) {
      const info = toErrorInfo(error);
      // Should the folder itself be what failed, the first error is the one to tell.
      await record.end('failed', info).catch(() => undefined);
      throw error;
    } finally {
      state.replaceMomentum(null);
      await folder.close().catch(() => undefined);
    }
  }

  private begin(): void {
    const { folder, engine, steps, replay } = this.job;
    const { config, plan, warnings } = this.record;
    const { id: runId } = folder.run;
    const { headline } = steps.host;
    this.record.emit({ kind: 'run-started', runId, config, plan, engine, headline, pid: process.pid, ...(replay ? { replay } : {}) });
    for (const message of warnings) this.record.emit({ kind: 'warning', message });
  }

  /** A run that was killed before its first event begins now. */
  private async goOn(): Promise<void> {
    const { folder, engine, state } = this.job;
    const problems: string[] = [];
    const view = await this.record.takeUp((problem) =>
      problems.push(`${problem} The run goes on from its resume point; settings that were changed after that are as they were there.`),
    );
    await folder.updateRun({
      status: 'running',
      ended: null,
      error: null,
      ...engineOnDisk(asLogged(folder.run, view?.engine), engine, view !== null),
    });
    if (!view) return this.begin();
    this.record.emit({ kind: 'run-continued', engine, pid: process.pid });
    problems.push(...(await checkPhaseFiles(folder.dir, state.evaluations.slice(0, state.cursor.phase))));
    for (const message of problems) this.record.emit({ kind: 'warning', message });
  }

  /** @returns true where it was stopped */
  private async runPhases(): Promise<boolean> {
    const { record } = this;
    const { state } = this.job;
    for (let current = record.plan.phases[state.cursor.phase]; current; current = record.plan.phases[state.cursor.phase]) {
      const { phase, stages } = current;
      if (state.cursor.stage === 0 && state.cursor.step === 0) record.emit({ kind: 'phase-started' });
      while (state.cursor.stage < stages.length) {
        if (await this.stages.run()) return true;
        this.job.steps.releaseUnused();
        state.cursor = { phase, stage: state.cursor.stage + 1, step: 0 };
        // An evaluated phase is stored before its resume point, so that one never stands between the two.
        if (state.cursor.stage < stages.length) await record.saveResumePoint();
      }
      await this.endPhase(phase);
    }
    return false;
  }

  private async endPhase(phase: number): Promise<void> {
    const { folder, state, data, steps } = this.job;
    const { record, evaluation } = this;
    const { config, plan } = record;
    if (!evaluation) throw new Error(`Phase ${phase} was not evaluated`);
    for (const body of await storePhase({ config, folder, plan, phase, state, data, evaluation })) record.emit(body);
    state.endPhase();
    const headline = state.evaluations.at(-1)?.[steps.host.headline];
    if (headline) {
      const { averageAccuracy, paperForgetting, standardForgetting } = headline;
      await folder.updateRun({ summary: { averageAccuracy, paperForgetting, standardForgetting } });
    }
    record.emit({ kind: 'phase-ended', seconds: state.phaseSeconds, checkpoint: phaseFile(phase, 'model') });
    state.phaseSeconds = 0;
    state.cursor = { phase: phase + 1, stage: 0, step: 0 };
    await record.saveResumePoint();
  }
}
