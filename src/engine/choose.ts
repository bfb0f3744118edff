import { LabError, engineError, toErrorInfo } from '../protocol/errors';
import type { EngineName } from '../protocol/words';
import type { Engine } from './engine';
import { byPreference, ENGINE_REGISTRY, type EngineEntry } from './registry';

/** An engine that would have been preferred, and why it wasn't taken. */
export interface SkippedEngine {
  readonly name: EngineName;
  readonly reason: string;
}

export interface ChosenEngine {
  readonly engine: Engine;
  /** Without those that nobody would expect here, such as one for a GPU on a machine that has none. */
  readonly skipped: readonly SkippedEngine[];
}

/**
 * Loads the requested engine, or with `auto` the first that loads, by {@link byPreference}. Engines asked for by name are
 * never replaced by another.
 *
 * @throws engine-unavailable (exit code 4) if the requested one doesn't load, or none does
 */
export async function chooseEngine(
  requested: 'auto' | EngineName,
  options: { readonly registry?: readonly EngineEntry[] } = {},
): Promise<ChosenEngine> {
  const registry = options.registry ?? ENGINE_REGISTRY;
  if (requested !== 'auto') return { engine: await loadByName(requested, registry), skipped: [] };
  const skipped: (SkippedEngine & { readonly expected: boolean })[] = [];
  for await (const { entry, probe } of byPreference(registry)) {
    const { name } = entry;
    if (!probe.ok) {
      skipped.push({ name, reason: probe.reason, expected: probe.expected ?? false });
      continue;
    }
    try {
      const engine = await entry.load();
      return { engine, skipped: skipped.filter(({ expected }) => !expected).map(({ name, reason }) => ({ name, reason })) };
    } catch (error) {
      skipped.push({ name, reason: toErrorInfo(error).message, expected: false });
    }
  }
  const reasons = skipped.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw engineError(`No engine loads here (${reasons}). Reinstall Mnemonics Lab, or install the native engine with \`engine install\`.`);
}

async function loadByName(name: EngineName, registry: readonly EngineEntry[]): Promise<Engine> {
  const entry = registry.find((candidate) => candidate.name === name);
  const known = registry.filter(({ testOnly }) => !testOnly).map((candidate) => candidate.name);
  if (!entry) throw engineError(`This version has no engine "${name}". Choose auto or one of ${known.join(', ')}.`);
  try {
    return await entry.load();
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw engineError(`The ${name} engine does not load: ${toErrorInfo(error).message}. Choose another with --engine.`, { cause: error });
  }
}
