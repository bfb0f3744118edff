import { chooseEngine } from '../engine/choose';
import type { Engine } from '../engine/engine';
import { LEARNING_CODE } from '../learning/learningCode';
import { engineDifferences } from '../protocol/engineDifferences';
import type { EngineInfo } from '../protocol/engineInfo';
import { EXIT, LabError, otherEngineError } from '../protocol/errors';
import type { RunFile } from '../protocol/runFile';
import type { EngineName } from '../protocol/words';

export type EngineWish = 'auto' | EngineName;
type Notice = ((text: string) => void) | undefined;

/** Loads a run's engine. @throws LabError `engine-unavailable` */
export async function loadEngine(wish: EngineWish, onNotice: Notice): Promise<Engine> {
  const { engine: chosen, skipped } = await chooseEngine(wish);
  const versions = { ...chosen.info.versions, 'learning code': LEARNING_CODE };
  const engine = { ...chosen, info: { ...chosen.info, versions } };
  for (const { name, reason } of skipped) onNotice?.(`The ${name} engine is not used: ${reason}`);
  if (skipped.length === 0) return engine;
  // The run's file says it, too: who looks at it later should know that the run was meant to be faster.
  const reasons = skipped.map(({ name, reason }) => `${name} is not used: ${reason}`);
  return { ...engine, info: { ...engine.info, reason: [engine.info.reason, ...reasons].join('; ') } };
}

export interface ResumeEngine {
  /** In place of the one that the run has had so far. */
  readonly engine?: EngineWish | undefined;
  /** True to go on with another engine, version, device or setting than before: what follows has other last bits. */
  readonly allowDifferentEngine?: boolean | undefined;
}

/** The engine that a run has had last. */
export const latestEngine = ({ engine, laterEngines }: RunFile): EngineInfo => laterEngines?.at(-1) ?? engine;

/**
 * A run as its log knows it: an engine that `run.json` has last and the log has not did nothing, because its process was killed between the two.
 * @param logged the engine that the run has by its log
 */
export function asLogged(run: RunFile, logged: EngineInfo | undefined): RunFile {
  if (!logged || !run.laterEngines || engineDifferences(latestEngine(run), logged).length === 0) return run;
  return { ...run, laterEngines: run.laterEngines.slice(0, -1) };
}

/**
 * Loads the engine that a run goes on with: the one that it has had, or the one that is asked for. Where a difference is allowed and
 * that one doesn't load, the best that does.
 * @throws LabError `other-engine` where it is not the same one and that isn't allowed
 */
export async function loadEngineAgain(run: RunFile, runDir: string, wish: ResumeEngine, onNotice: Notice): Promise<Engine> {
  const before = latestEngine(run);
  const engine = await loadEngine(wish.engine ?? before.engine, onNotice).catch((error: unknown) => {
    if (!(error instanceof LabError) || wish.engine !== undefined) throw error;
    if (wish.allowDifferentEngine) return loadEngine('auto', onNotice);
    const sentence = `${error.message} To go on with the run in ${runDir} on another engine, to other last bits, add --allow-different-engine.`;
    throw otherEngineError(sentence, EXIT.engine, { cause: error });
  });
  if (wish.allowDifferentEngine) return engine;
  try {
    assertSameEngine(run, engine.info, runDir);
    return engine;
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/** Another version, device, number of threads or setting gives other bits; going on with it silently would mix two runs in one. */
function assertSameEngine(run: RunFile, now: EngineInfo, runDir: string): void {
  const differences = engineDifferences(latestEngine(run), now);
  if (differences.length === 0) return;
  const then = differences.map(({ name, before }) => `${name} ${before}`).join(' and ');
  const today = differences.map((difference) => difference.now).join(' and ');
  const tensorflow = differences.some(({ name }) => name === 'tensorflow')
    ? ' (MNEMONICS_TENSORFLOW chooses among the installed ones)'
    : '';
  throw otherEngineError(
    `The run in ${runDir} ${run.laterEngines?.length ? 'went on' : 'began'} with ${then}, here it is ${today}; resume it where they are the same${tensorflow}, or add --allow-different-engine to go on here, to other last bits.`,
    EXIT.run,
  );
}

/** What `run.json` is to say of the engine that a run goes on with. @param run as its log knows it @param begun false where it begins anew: then no other did anything */
export function engineOnDisk(run: RunFile, now: EngineInfo, begun: boolean): Partial<Pick<RunFile, 'engine' | 'laterEngines'>> {
  if (!begun) return { engine: now };
  const differs = engineDifferences(latestEngine(run), now).length > 0;
  const laterEngines = [...(run.laterEngines ?? []), ...(differs ? [now] : [])];
  return { laterEngines: laterEngines.length > 0 ? laterEngines : undefined };
}
