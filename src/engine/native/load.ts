import * as tf from '@tensorflow/tfjs-core';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { engineError } from '../../protocol/errors';
import { runEagerly } from '../eager';
import type { Engine } from '../engine';
import { TFJS_NODE_VERSION } from '../versions';
import { openAddon } from './addon';
import { NATIVE_BACKEND, type NativeBackend } from './backend';
import { loadConvolutions } from './convolutions';
import { GraphSteps } from './graphStep';
import { findNative, whyNoNative, type InstalledEngine } from './manifest';
import { registerNativeKernels } from './nativeKernels';
import { overrideStockKernels } from './stockKernels';
import { restoreRemovedUtilities } from './nodeCompatibility';
import { applySettings } from './settings';
import { systemAddon, whileMuted, type SystemAddon } from './systemAddon';

export interface NativeOptions {
  readonly installed?: InstalledEngine;
  /**
   * Told when a step can't run as a graph and runs op by op instead. It may throw, to forbid that. By
   * default a process warning.
   */
  readonly onFallback?: (name: string, cause: unknown) => void;
}

/**
 * Loads the installed native engine and makes it tfjs's current backend. The addon is loaded once for a
 * process. Throws engine-unavailable if none is installed or it doesn't load.
 */
export async function loadNative(options: NativeOptions = {}): Promise<Engine> {
  const installed = options.installed ?? findNative();
  if (!installed)
    throw engineError(
      `The native engine is ${whyNoNative()}. "Mnemonics: Install Native Engine" does the same; the wasm engine needs no installation.`,
    );
  // Before the library is loaded: it reads them once.
  const { threads, settings } = applySettings();
  const system = systemAddon(installed.folder);
  const backend = await activate(installed, system);
  system.release();
  const convolutions = loadConvolutions(installed, backend, threads);
  const steps = new GraphSteps(backend, options.onFallback ?? warn, () => system.release());
  const { manifest } = installed;
  return {
    info: {
      engine: 'native',
      reason: `libtensorflow ${manifest.tensorflow} is installed (${manifest.source})${convolutions.lacking ? `; ${convolutions.lacking}` : ''}`,
      versions: { tensorflow: backend.binding.TF_Version, tfjs: tf.version_core, tfjsNode: TFJS_NODE_VERSION },
      device: backend.isUsingGpuDevice ? 'GPU' : 'CPU',
      threads,
      settings: { ...settings, convolutions: convolutions.kind },
    },
    compile: (name, step, compileOptions) =>
      compileOptions?.opByOp ? (inputs) => runEagerly(name, step, inputs) : steps.compile(name, step),
    releaseUnused() {
      steps.releaseUnused();
      system.release();
    },
    dispose: () => steps.dispose(),
  };
}

async function activate({ binding }: InstalledEngine, system: SystemAddon): Promise<NativeBackend> {
  if (!tf.findBackendFactory(NATIVE_BACKEND)) {
    restoreRemovedUtilities();
    const addon = loadAddon(binding, system);
    const { NodeJSKernelBackend } = await import('./tfjsNode');
    tf.registerBackend(NATIVE_BACKEND, () => new NodeJSKernelBackend(addon, '@tensorflow/tfjs-node-gpu'), 3);
    overrideStockKernels();
    registerNativeKernels();
  }
  if (!(await tf.setBackend(NATIVE_BACKEND)))
    throw engineError('tfjs refuses the native engine. Install it again with `engine install`, or use the wasm engine.');
  return tf.backend() as unknown as NativeBackend;
}

function loadAddon(file: string, system: SystemAddon): TFJSBinding {
  try {
    return whileMuted(system, () => openAddon(file)) as TFJSBinding;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw engineError(
      `The native engine in ${file} doesn't load: ${message}. Install it again with \`engine install\`, or use the wasm engine.`,
      { cause: error },
    );
  }
}

function warn(name: string, cause: unknown): void {
  const message = cause instanceof Error ? cause.message : String(cause);
  process.emitWarning(`The step "${name}" could not be recorded as a graph and runs op by op, more slowly: ${message}`);
}
