// Mocha's global set-up: a checkout in which nothing is built, or whose kernels have changed since, has what the wasm engine loads.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildWasmKernels, KERNEL_FILES } from '../scripts/wasmKernels.mjs';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const changed = (file) => statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

export async function mochaGlobalSetup() {
  const sources = readdirSync(path.join(root, 'src/engine/wasm/assembly')).map((name) => changed(`src/engine/wasm/assembly/${name}`));
  const built = KERNEL_FILES.map((name) => changed(`dist/wasm/${name}`));
  if (Math.min(...built) < Math.max(...sources)) await buildWasmKernels();
}
