import type { EngineName } from '../protocol/words';
import { loadCpu } from './cpu/load';
import type { Engine } from './engine';
import { loadNative } from './native/load';
import { findNative } from './native/manifest';
import { loadWasm, wasmFolder } from './wasm/load';

/** Whether an engine could be loaded here, found out without loading it. */
export type Probe = { readonly ok: true; readonly detail: string } | { readonly ok: false; readonly reason: string };

export interface EngineEntry {
  readonly name: EngineName;
  /** Never chosen by itself. */
  readonly testOnly?: true;
  probe(): Promise<Probe>;
  load(): Promise<Engine>;
}

/** Every engine, the one to prefer first. */
export const ENGINE_REGISTRY: readonly EngineEntry[] = [
  { name: 'native', probe: probeNative, load: () => loadNative() },
  { name: 'wasm', probe: probeWasm, load: loadWasm },
  { name: 'cpu', testOnly: true, probe: () => Promise.resolve({ ok: true, detail: 'plain JavaScript, for tests' }), load: loadCpu },
];

function probeNative(): Promise<Probe> {
  const installed = findNative();
  if (!installed) return Promise.resolve({ ok: false, reason: 'not installed' });
  return Promise.resolve({ ok: true, detail: `libtensorflow ${installed.manifest.tensorflow} in ${installed.folder}` });
}

function probeWasm(): Promise<Probe> {
  const folder = wasmFolder();
  return Promise.resolve(
    folder
      ? { ok: true, detail: `tfjs-backend-wasm in ${folder}` }
      : { ok: false, reason: 'its .wasm files are missing from this installation' },
  );
}
