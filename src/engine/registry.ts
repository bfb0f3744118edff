import type { EngineName } from '../protocol/words';
import { loadCpu } from './cpu/load';
import type { Engine } from './engine';
import { loadNative } from './native/load';
import { findNative, whyNoNative } from './native/manifest';
import { loadWasm, wasmFolder } from './wasm/load';
import { loadWebgpu } from './webgpu/load';
import { findAdapter } from './webgpu/probe';

/**
 * Whether an engine could be loaded here, found out without loading it. `onGpu` where it would run on a GPU; `expected` where
 * nothing is amiss, such as a machine without the device that the engine is for.
 */
export type Probe =
  | { readonly ok: true; readonly detail: string; readonly onGpu?: boolean }
  | { readonly ok: false; readonly reason: string; readonly expected?: boolean };

export interface EngineEntry {
  readonly name: EngineName;
  /** Never chosen by itself. */
  readonly testOnly?: true;
  probe(): Promise<Probe>;
  load(): Promise<Engine>;
}

/** Every engine, the fastest first of those that run on the same kind of device. */
export const ENGINE_REGISTRY: readonly EngineEntry[] = [
  { name: 'native', probe: probeNative, load: () => loadNative() },
  { name: 'webgpu', probe: probeWebgpu, load: loadWebgpu },
  { name: 'wasm', probe: probeWasm, load: loadWasm },
  { name: 'cpu', testOnly: true, probe: () => Promise.resolve({ ok: true, detail: 'plain JavaScript, for tests' }), load: loadCpu },
];

/**
 * The engines that users can choose, the one to prefer first: those on a GPU before those on the CPU, each in the registry's order.
 * Asks no further engine while its caller is content.
 */
export async function* byPreference(
  registry: readonly EngineEntry[],
): AsyncGenerator<{ readonly entry: EngineEntry; readonly probe: Probe }> {
  const others: { entry: EngineEntry; probe: Probe }[] = [];
  for (const entry of registry.filter(({ testOnly }) => !testOnly)) {
    const probe = await entry.probe();
    if (probe.ok && probe.onGpu) yield { entry, probe };
    else others.push({ entry, probe });
  }
  yield* others;
}

function probeNative(): Promise<Probe> {
  const installed = findNative();
  if (!installed) return Promise.resolve({ ok: false, reason: whyNoNative() });
  const { tensorflow, device } = installed.manifest;
  return Promise.resolve({ ok: true, detail: `libtensorflow ${tensorflow} in ${installed.folder}`, onGpu: device === 'gpu' });
}

async function probeWebgpu(): Promise<Probe> {
  const found = await findAdapter();
  if (!found.ok) return found;
  const { name, driver, isSoftware } = found.adapter;
  if (!isSoftware) return { ok: true, detail: `${name}, driver ${driver}`, onGpu: true };
  return { ok: false, expected: true, reason: `its only adapter is software on the CPU (${driver}), slower than the other engines` };
}

function probeWasm(): Promise<Probe> {
  const folder = wasmFolder();
  return Promise.resolve(
    folder
      ? { ok: true, detail: `tfjs-backend-wasm in ${folder}` }
      : { ok: false, reason: 'its .wasm files are missing from this installation' },
  );
}
