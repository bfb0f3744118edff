import { LabError, engineError, toErrorInfo } from '../protocol/errors';
import type { EngineName } from '../protocol/words';
import type { Engine } from './engine';
import { ENGINE_REGISTRY, type EngineEntry } from './registry';

/** An engine that would have been preferred, and why it wasn't taken. */
export interface SkippedEngine {
  readonly name: EngineName;
  readonly reason: string;
}

export interface ChosenEngine {
  readonly engine: Engine;
  readonly skipped: readonly SkippedEngine[];
}

/**
 * Loads the requested engine, or with `auto` the first of the registry that loads. Engines asked for by name are
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
  const skipped: SkippedEngine[] = [];
  for (const entry of registry.filter(({ testOnly }) => !testOnly)) {
    const probe = await entry.probe();
    if (!probe.ok) {
      skipped.push({ name: entry.name, reason: probe.reason });
      continue;
    }
    try {
      return { engine: await entry.load(), skipped };
    } catch (error) {
      skipped.push({ name: entry.name, reason: toErrorInfo(error).message });
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
