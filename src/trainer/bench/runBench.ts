import type { Ready, Repeat } from '../../protocol/benchMessages';
import { engineError, LabError } from '../../protocol/errors';
import type { EngineName } from '../../protocol/words';
import type { Measurement } from './benchCase';
import { benchCase, type BenchOptions } from './benchOptions';
import { WorkerProcess } from './workerProcess';

/** All repeats of one case. */
export interface Measurements {
  readonly measurement: Measurement;
  readonly innerSteps: number;
  readonly ready: Ready;
  readonly repeats: readonly Repeat[];
}

export interface BenchListener {
  /** A case begins: its process loads the engine and warms up. */
  onCase(measurement: Measurement, engine: string, innerSteps: number): void;
  onRepeat(soFar: Measurements, of: number): void;
  onResult(result: Measurements): void;
  onNotice(text: string): void;
}

const REPEATS = 5;
/** So long does a case without a given number of repeats take, and one repeat. */
const ENOUGH_SECONDS = 60;

/**
 * Measures all cases that the options ask for, each in a process of its own, one after the other.
 * @returns the cases of each engine
 * @throws LabError `engine-unavailable` where an engine that was asked for by name doesn't load, or none does; whatever aborts the signal
 */
export async function runBench(options: BenchOptions, listener: BenchListener, signal: AbortSignal): Promise<Measurements[][]> {
  const results: Measurements[][] = [];
  const { wanted, optional } = await enginesOf(options.engines);
  for (const engine of wanted) {
    try {
      results.push(await casesOf(options, engine, listener, signal));
    } catch (error) {
      if (!(optional && error instanceof LabError && error.code === 'engine-unavailable')) throw error;
      listener.onNotice(`The ${engine} engine is left out: ${error.message}`);
    }
  }
  if (results.length === 0)
    throw engineError('No engine loads here; reinstall Mnemonics Lab, or install the native engine with `engine install`.');
  return results;
}

/** `all` are those that users can choose and that are here. */
async function enginesOf(asked: BenchOptions['engines']): Promise<{ wanted: ('auto' | EngineName)[]; optional: boolean }> {
  if (!asked.includes('all')) return { wanted: asked.filter((name) => name !== 'all'), optional: false };
  const { ENGINE_REGISTRY } = await import('../../engine/registry');
  const wanted: EngineName[] = [];
  for (const { name, testOnly, probe } of ENGINE_REGISTRY) if (!testOnly && (await probe()).ok) wanted.push(name);
  return { wanted, optional: true };
}

async function casesOf(
  options: BenchOptions,
  engine: 'auto' | EngineName,
  listener: BenchListener,
  signal: AbortSignal,
): Promise<Measurements[]> {
  const cases = options.only.flatMap((measurement) =>
    (measurement === 'outer-step' ? options.innerSteps : [0]).map((innerSteps) => benchCase(options, engine, measurement, innerSteps)),
  );
  const results: Measurements[] = [];
  for (const { measurement, innerSteps, ...rest } of cases) {
    listener.onCase(measurement, engine, innerSteps);
    const worker = new WorkerProcess({ ...rest, measurement, innerSteps }, signal);
    try {
      const ready = await worker.ready();
      const repeats: Repeat[] = [];
      const started = performance.now();
      while (repeats.length === 0 || wantsMore(options.repeats, repeats.length, (performance.now() - started) / 1000)) {
        repeats.push(await worker.repeat());
        listener.onRepeat({ measurement, innerSteps, ready, repeats }, options.repeats ?? REPEATS);
      }
      const result = { measurement, innerSteps, ready, repeats };
      listener.onResult(result);
      results.push(result);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      worker.end();
    }
  }
  return results;
}

/** Without a given number, five or as many as a minute has room for. */
function wantsMore(asked: number | null, done: number, seconds: number): boolean {
  if (asked !== null) return done < asked;
  return done < REPEATS && seconds + seconds / done < ENOUGH_SECONDS;
}
