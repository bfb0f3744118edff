import type { EngineInfo } from '../protocol/engineInfo';
import { toErrorInfo } from '../protocol/errors';
import type { EngineName } from '../protocol/words';
import { byPreference, ENGINE_REGISTRY, type EngineEntry, type Probe } from './registry';
import { probeSpeed } from './speedProbe';

/** What is known of one engine on this machine. */
export interface EngineDescription {
  readonly name: EngineName;
  /** True for the one that `auto` would take. */
  readonly chosen: boolean;
  readonly available: boolean;
  /** Why it would run, or why it can't. */
  readonly reason: string;
  readonly info?: EngineInfo;
  /** Training speed of a small network; see {@link probeSpeed}. */
  readonly imagesPerSecond?: number;
}

/**
 * Loads every engine that users can choose, measures each for about two seconds, and says which one `auto` takes, best first. It
 * leaves the last one loaded as tfjs's backend, so it belongs in a process that does nothing else.
 */
export async function describeEngines(
  options: { readonly registry?: readonly EngineEntry[]; readonly measure?: boolean } = {},
): Promise<EngineDescription[]> {
  const descriptions: EngineDescription[] = [];
  for await (const { entry, probe } of byPreference(options.registry ?? ENGINE_REGISTRY)) {
    const chosen = !descriptions.some((description) => description.available);
    descriptions.push(await describe(entry, probe, chosen, options.measure ?? true));
  }
  return descriptions;
}

async function describe(entry: EngineEntry, probe: Probe, chosen: boolean, measure: boolean): Promise<EngineDescription> {
  const { name } = entry;
  if (!probe.ok) return { name, chosen: false, available: false, reason: probe.reason };
  try {
    const engine = await entry.load();
    const speed = measure ? { imagesPerSecond: await probeSpeed(engine) } : {};
    engine.dispose();
    return { name, chosen, available: true, reason: engine.info.reason, info: engine.info, ...speed };
  } catch (error) {
    return { name, chosen: false, available: false, reason: toErrorInfo(error).message };
  }
}
