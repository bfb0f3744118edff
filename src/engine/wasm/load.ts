import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { engineError } from '../../protocol/errors';
import { findAsset } from '../assets';
import { runEagerly } from '../eager';
import type { Engine } from '../engine';
import { registerConvolutionGradients } from './convolutionGradients';
import { registerWasmKernels } from './wasmKernels';

const WASM_BACKEND = 'wasm';
const WASM_FILE = 'tfjs-backend-wasm-simd.wasm';

/** The folder of the `.wasm` files: `dist/wasm`, or the package's in a checkout. */
export function wasmFolder(): string | undefined {
  const file = findAsset(join('wasm', WASM_FILE), join('@tensorflow/tfjs-backend-wasm/dist', WASM_FILE));
  return file && dirname(file);
}

/** Loads the wasm engine and makes it tfjs's current backend. Throws engine-unavailable if its files are missing. */
export async function loadWasm(): Promise<Engine> {
  const folder = wasmFolder();
  if (!folder)
    throw engineError(`The wasm engine's file ${WASM_FILE} is missing. Reinstall Mnemonics Lab, or run \`npm install\` in a checkout.`);
  const listeners = snapshotListeners();
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  if (!registered) {
    registered = true;
    setWasmPaths(join(folder, '/'));
    registerConvolutionGradients(WASM_BACKEND);
    registerWasmKernels(WASM_BACKEND);
  }
  if (!(await tf.setBackend(WASM_BACKEND)))
    throw engineError('The wasm engine does not start: this Node.js refuses its WebAssembly. Use Node.js 20 or newer, on a CPU with SIMD.');
  removeAddedListeners(listeners);
  return {
    info: {
      engine: 'wasm',
      reason: 'it runs everywhere, on one thread',
      versions: { tfjs: tf.version_core, tfjsBackendWasm: version_wasm },
      device: 'CPU',
      threads: 1,
    },
    compile: (name, step) => (inputs) => runEagerly(name, step, inputs),
    dispose: () => undefined,
  };
}

let registered = false;

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
