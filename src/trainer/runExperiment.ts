import { resolve } from 'node:path';
import type { DataSet } from '../data/dataSet';
import { loadDataSet } from '../data/loadDataSet';
import { chooseEngine } from '../engine/choose';
import type { Engine } from '../engine/engine';
import { growCorrection } from '../learning/biasCorrection';
import { initialWeights } from '../learning/initialWeights';
import { assertNetworkFits } from '../learning/networkFits';
import type { Config } from '../protocol/config';
import { runError } from '../protocol/errors';
import type { Plan } from '../protocol/events';
import { runIdSchema } from '../protocol/ids';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import { RunFolder } from '../store/runFolder';
import { readRunFile } from '../store/readRun';
import { compileSteps, type CompiledSteps } from './compiledSteps';
import { ExemplarMemory } from './exemplarMemory';
import { planOf } from './planOf';
import { loadResumePoint } from './resumePoint';
import { RunLoop, type RunListener, type RunResult } from './runLoop';
import type { RunControl } from './runControl';
import { toTensors } from './tensorData';
import { TrainingState } from './trainingState';

export interface RunOptions extends RunListener {
  readonly runDir: string;
  readonly control: RunControl;
}

/**
 * A whole run, from a resolved config to a finished folder. Config, data and engine are checked before anything is written.
 * @param configDir what a relative `dataPath` is relative to
 * @throws LabError naming what is wrong; a run that fails after it began is marked as failed in its folder
 */
export async function runExperiment(options: RunOptions & { readonly config: Config; readonly configDir: string }): Promise<RunResult> {
  const config = {
    ...options.config,
    ...(options.config.dataPath ? { dataPath: resolve(options.configDir, options.config.dataPath) } : {}),
  };
  const data = await loadDataSet(config, options.configDir);
  assertNetworkFits(config, data);
  const plan = planOf(config, data);
  const engine = await loadEngine(config, options.onNotice);
  try {
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
    return await new RunLoop({ ...options, folder, config, plan, data, steps, state, engine: engine.info, resumed: false }).run();
  } finally {
    engine.dispose();
    options.control.end();
  }
}

/**
 * Goes on with a run where its newest resume point stands, in its own folder.
 * @throws LabError `run-folder` where the run is complete, in use or damaged, or data or engine are no longer the same
 */
export async function resumeExperiment(options: RunOptions): Promise<RunResult> {
  const run = await readRunFile(options.runDir);
  if (run.status === 'completed') throw runError(`The run in ${options.runDir} is complete; there is nothing to resume.`);
  const { config } = run;
  const data = await loadDataSet(config, options.runDir);
  if (data.fingerprint.sha256 !== run.data.sha256)
    throw runError(`The data set ${config.dataSet} is not the one that ${options.runDir} began with; restore its files to resume the run.`);
  const plan = planOf(config, data);
  const engine = await loadEngine({ ...config, engine: run.engine.engine }, options.onNotice);
  try {
    assertSameEngine(run.engine, engine.info, options.runDir);
    const steps = compileSteps(engine, config, data.channels);
    const folder = await RunFolder.reopen(options.runDir);
    if (folder.notice) options.onNotice?.(folder.notice);
    const state = await loadResumePoint(folder.dir, data)
      .then((point) => point ?? freshState(config, plan, data, steps))
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

async function loadEngine(config: Config, onNotice: RunListener['onNotice']): Promise<Engine> {
  const { engine, skipped } = await chooseEngine(config.engine);
  for (const { name, reason } of skipped) onNotice?.(`The ${name} engine is not used: ${reason}`);
  if (skipped.length === 0) return engine;
  // The run's file says it, too: who looks at it later should know that the run was meant to be faster.
  const reasons = skipped.map(({ name, reason }) => `${name} is not used: ${reason}`);
  return { ...engine, info: { ...engine.info, reason: [engine.info.reason, ...reasons].join('; ') } };
}

/** Another version, device, number of threads or setting gives other bits; going on with it silently would mix two runs in one. */
function assertSameEngine(before: Engine['info'], now: Engine['info'], runDir: string): void {
  const traits = ({ versions, device, threads, settings }: Engine['info']): Record<string, string> => ({
    ...versions,
    device,
    threads: String(threads),
    // A run of an earlier version doesn't say which settings it had.
    ...(before.settings && settings),
  });
  const [earlier, here] = [traits(before), traits(now)];
  for (const name of Object.keys({ ...earlier, ...here })) {
    const [then, today] = [earlier[name] ?? 'none', here[name] ?? 'none'];
    if (then !== today)
      throw runError(
        `The run in ${runDir} began with ${name} ${then}, here it is ${today}; resume it where they are the same${name === 'tensorflow' ? ' (MNEMONICS_TENSORFLOW chooses among the installed ones)' : ''}.`,
      );
  }
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
