import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { engineError } from '../../protocol/errors';
import { runEagerly } from '../eager';
import type { Engine } from '../engine';
import { registerConvolutions } from './convolutions';
import { KernelModule } from './kernelModule';
import { registerWasmKernels } from './wasmKernels';

const WASM_BACKEND = 'wasm';
const WASM_FILES = ['tfjs-backend-wasm-simd.wasm', 'kernels.wasm', 'kernels-relaxed.wasm'];
const MAX_THREADS = 8;

/** The folder of the `.wasm` files that the build makes: `wasm` beside the bundle, `dist/wasm` in a checkout. Undefined where one is missing. */
export function wasmFolder(from = __dirname): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const candidate of [join(folder, 'wasm'), join(folder, 'dist', 'wasm')])
      if (WASM_FILES.every((file) => existsSync(join(candidate, file)))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * Loads the wasm engine and makes it tfjs's current backend.
 * @param threads how many work at most; results don't depend on it
 * @param plainSimd does without relaxed SIMD, as an older Node.js must
 * @throws engine-unavailable if its files are missing, or this Node.js can't run them
 */
export async function loadWasm({ threads = Math.min(availableParallelism(), MAX_THREADS), plainSimd = false } = {}): Promise<Engine> {
  const folder = wasmFolder();
  if (!folder) throw engineError("The wasm engine's files are missing. Reinstall Mnemonics Lab, or run `npm run build` in a checkout.");
  const listeners = snapshotListeners();
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  if (!kernels) setWasmPaths(join(folder, '/'));
  if (!(await tf.setBackend(WASM_BACKEND)))
    throw engineError(
      `The wasm engine does not start: ${
        hasAddressSpace()
          ? 'this Node.js refuses its WebAssembly. Use Node.js 20 or newer, on a CPU with SIMD.'
          : 'it gets no memory. Raise the limit of the address space (ulimit -v), or close other programs.'
      }`,
    );
  removeAddedListeners(listeners);
  if (!kernels) {
    kernels = new KernelModule(folder, heapOf(tf.backend() as BackendWasm), plainSimd);
    registerWasmKernels(WASM_BACKEND, kernels);
    registerConvolutions(WASM_BACKEND, kernels);
  }
  await kernels.useThreads(threads);
  return {
    info: {
      engine: 'wasm',
      reason: 'it runs everywhere',
      versions: { tfjs: tf.version_core, tfjsBackendWasm: version_wasm, multiplyAdd: kernels.roundsOnce ? 'fused' : 'separate' },
      device: 'CPU',
      threads: kernels.threads,
    },
    compile: (name, step) => (inputs) => runEagerly(name, step, inputs),
    releaseUnused: () => undefined,
    dispose: () => undefined,
  };
}

/** WebAssembly reserves gigabytes of addresses for a memory of any size. */
function hasAddressSpace(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1 }).buffer.byteLength > 0;
  } catch {
    return false;
  }
}

let kernels: KernelModule | undefined;

/** Emscripten's module holds the instance that it made, and its allocator. */
function heapOf({ wasm }: BackendWasm) {
  const { asm, _malloc, _free } = wasm as unknown as {
    asm?: { memory?: unknown };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  const memory = asm?.memory;
  if (!(memory instanceof WebAssembly.Memory) || !(memory.buffer instanceof SharedArrayBuffer))
    throw engineError("The wasm engine's memory can't be reached. Reinstall Mnemonics Lab, or run `npm run build` in a checkout.");
  return {
    memory,
    free: _free,
    allocate(bytes: number) {
      // Emscripten returns a signed number, and zero where there is no more memory.
      const address = _malloc(bytes) >>> 0;
      if (address === 0) throw engineError('The wasm engine is out of memory (4 GiB). Use smaller batches, or the native engine.');
      return address;
    },
  };
}

// Emscripten's start-up code installs handlers that rethrow what reaches them, with a page of its own minified
// source on standard error: errors of ours would end so.
const HANDLED = ['uncaughtException', 'unhandledRejection'] as const;

function snapshotListeners(): Map<string, unknown[]> {
  return new Map(HANDLED.map((event) => [event, process.rawListeners(event)]));
}

function removeAddedListeners(before: Map<string, unknown[]>): void {
  for (const event of HANDLED) {
    for (const listener of process.rawListeners(event)) {
      if (!before.get(event)?.includes(listener)) process.removeListener(event, listener as (...args: unknown[]) => void);
    }
  }
}
