// Builds what the wasm engine loads: its kernels, with and without relaxed SIMD, and tfjs's backend with a memory that threads share.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '..');
const BACKEND = 'tfjs-backend-wasm-simd.wasm';
export const KERNEL_FILES = ['kernels.wasm', 'kernels-relaxed.wasm', BACKEND];
const SOURCE = 'src/engine/wasm/assembly/index.ts';
/** Of wasm's address space: as many pages as tfjs-backend-wasm declares. */
const PAGES = 65536;

export async function buildWasmKernels(folder = path.join(root, 'dist', 'wasm')) {
  await mkdir(folder, { recursive: true });
  const { main: compile } = await import('assemblyscript/asc');
  for (const [name, fused] of [
    ['kernels.wasm', 0],
    ['kernels-relaxed.wasm', 1],
  ]) {
    const features = ['simd', 'threads', ...(fused ? ['relaxed-simd'] : [])].flatMap((feature) => ['--enable', feature]);
    const memory = ['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', `${PAGES}`];
    const { error, stderr } = await compile(
      [SOURCE, '--baseDir', root, '--outFile', path.join(folder, name), '--runtime', 'stub', '-O3', '--noAssert', '--use', `FUSED=${fused}`]
        .concat(features, memory)
        // Vectors cross no boundary to JavaScript.
        .concat('--disableWarning', '112'),
    );
    if (error) throw new Error(`The wasm kernels don't compile: ${error.message}\n${stderr}`);
  }
  const backend = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  await writeFile(path.join(folder, BACKEND), withSharedMemory(await readFile(path.join(backend, 'dist', BACKEND))));
}

/** A module whose own memory is declared as shared, which takes one bit of its memory section: it has a maximum already. */
function withSharedMemory(bytes) {
  const MEMORY_SECTION = 5;
  const [HAS_MAXIMUM, SHARED] = [1, 2];
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === MEMORY_SECTION) {
      const count = number();
      if (count !== 1 || bytes[at] !== HAS_MAXIMUM) break;
      const changed = Uint8Array.from(bytes);
      changed[at] = HAS_MAXIMUM | SHARED;
      if (WebAssembly.validate(changed)) return changed;
    }
    at = end;
  }
  throw new Error("tfjs-backend-wasm's memory isn't declared as expected: the wasm engine can't share it with its threads.");
}

if (process.argv[1] === new URL(import.meta.url).pathname) await buildWasmKernels();
