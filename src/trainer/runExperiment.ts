import { resolve } from 'node:path';
import type { DataSet } from '../data/dataSet';
import { loadDataSet } from '../data/loadDataSet';
import { growCorrection } from '../learning/biasCorrection';
import { initialWeights } from '../learning/initialWeights';
import { assertNetworkFits } from '../learning/networkFits';
import type { Config } from '../protocol/config';
import { runError } from '../protocol/errors';
import type { Plan } from '../protocol/events';
import { runIdSchema } from '../protocol/ids';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import { resumeTells } from '../store/checkLog';
import { readView } from '../store/readHistory';
import { RunFolder } from '../store/runFolder';
import { readRunFile } from '../store/readRun';
import { assertResumePointFits } from './checkResumePoint';
import { compileSteps, type CompiledSteps } from './compiledSteps';
import { asLogged, loadEngine, loadEngineAgain, type ResumeEngine } from './engineOfRun';
import { ExemplarMemory } from './exemplarMemory';
import { assertSameData, assertSameEngine, replayOf, type Original } from './original';
import { planOf } from './planOf';
import { loadResumePoint } from './resumePoint';
import type { RunListener, RunPaces } from './runJob';
import { RunLoop, type RunResult } from './runLoop';
import type { RunControl } from './runControl';
import { toTensors } from './tensorData';
import { TrainingState } from './trainingState';

export interface RunOptions extends RunListener {
  readonly runDir: string;
  readonly control: RunControl;
  readonly paces?: RunPaces;
}

interface Experiment {
  readonly config: Config;
  /** What a relative `dataPath` is relative to. */
  readonly configDir: string;
  /** The run that this one repeats, whose config it has. */
  readonly original?: Original | undefined;
}

/**
 * A whole run, from a resolved config to a finished folder. Config, data and engine are checked before anything is written.
 * @throws LabError naming what is wrong; a run that fails after it began is marked as failed in its folder
 */
export async function runExperiment(options: RunOptions & Experiment & ResumeEngine): Promise<RunResult> {
  const config = {
    ...options.config,
    ...(options.config.dataPath ? { dataPath: resolve(options.configDir, options.config.dataPath) } : {}),
  };
  const { original } = options;
  const data = await loadDataSet(config, options.configDir);
  if (original) assertSameData(original, data.fingerprint);
  assertNetworkFits(config, data);
  const plan = planOf(config, data);
  const engine = await loadEngine(options.engine ?? original?.run.engine.engine ?? config.engine, options.onNotice);
  try {
    if (original && !options.allowDifferentEngine) assertSameEngine(original, engine.info);
    const replay = original && replayOf(original);
    const steps = compileSteps(engine, config, data.channels);
    const state = freshState(config, plan, data, steps);
    const id = runIdSchema.parse(safeId(options.runDir));
    const folder = await RunFolder.create(options.runDir, {
      schemaVersion: SCHEMA_VERSION,
      id,
      config,
      engine: engine.info,
      data: data.fingerprint,
      status: 'running',
      created: new Date().toISOString(),
      ended: null,
      error: null,
      summary: null,
    });
    return await new RunLoop({ ...options, folder, config, plan, data, steps, state, engine: engine.info, resumed: false, replay }).run();
  } finally {
    engine.dispose();
    options.control.end();
  }
}

/**
 * Goes on with a run where its newest resume point stands, in its own folder.
 * @throws LabError `run-folder` where the run is complete, in use or damaged, or the data are no longer the same, `other-engine` where the engine isn't
 */
export async function resumeExperiment(options: RunOptions & ResumeEngine): Promise<RunResult> {
  const written = await readRunFile(options.runDir);
  if (written.status === 'completed') throw runError(`The run in ${options.runDir} is complete; there is nothing to resume.`);
  // The log is read for that where it can matter alone: it may have a million lines.
  const run = written.laterEngines ? asLogged(written, (await readView(options.runDir, resumeTells))?.engine) : written;
  const { config } = run;
  const data = await loadDataSet(config, options.runDir);
  if (data.fingerprint.sha256 !== run.data.sha256)
    throw runError(`The data set ${config.dataSet} is not the one that ${options.runDir} began with; restore its files to resume the run.`);
  const plan = planOf(config, data);
  const engine = await loadEngineAgain(run, options.runDir, options, options.onNotice);
  try {
    const steps = compileSteps(engine, config, data.channels);
    const folder = await RunFolder.reopen(options.runDir);
    if (folder.notice) options.onNotice?.(folder.notice);
    const state = await resumedState(folder, data, steps, plan, options.onNotice)
      .then((resumed) => resumed ?? freshState(config, plan, data, steps))
      .catch(async (error: unknown) => {
        await folder.close();
        throw error;
      });
    return await new RunLoop({ ...options, folder, config, plan, data, steps, state, engine: engine.info, resumed: true }).run();
  } finally {
    engine.dispose();
    options.control.end();
  }
}

/** The state of a run's newest sound resume point; null where it was interrupted before its first one. @throws LabError `run-folder` */
async function resumedState(
  folder: RunFolder,
  data: DataSet,
  { shape }: CompiledSteps,
  plan: Plan,
  onNotice: RunListener['onNotice'],
): Promise<TrainingState | null> {
  const point = await loadResumePoint(folder.dir, data, onNotice);
  if (!point) return null;
  await assertResumePointFits(point, folder, shape, plan);
  if (!point.isNewest) await folder.dropNewestResumePoint();
  return point.state;
}

function freshState(config: Config, plan: Plan, data: DataSet, { shape, host }: CompiledSteps): TrainingState {
  const classes = plan.phases[0]?.classes.length ?? 0;
  const { params, buffers } = initialWeights(shape, classes, config.seed);
  const correction = host.biasCorrection ? growCorrection({}, classes) : {};
  return new TrainingState({ params: toTensors(params), buffers: toTensors({ ...buffers, ...correction }) }, new ExemplarMemory(data));
}

/** A run is named after its folder. */
function safeId(runDir: string): string {
  const name = resolve(runDir).split(/[\\/]/).pop() ?? '';
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 120) || 'run'
  );
}
