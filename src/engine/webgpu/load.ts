import * as tf from '@tensorflow/tfjs-core';
import { engineError } from '../../protocol/errors';
import { runEagerly } from '../eager';
import type { Engine } from '../engine';
import { TFJS_NODE_VERSION } from '../versions';
import { importDawn } from './dawn';
import { findAdapter } from './probe';

/**
 * Loads the webgpu engine on the best adapter there is, a software one too, and makes it tfjs's current backend. Values are read
 * asynchronously only. `dispose()` takes its tensors away and lets the process end.
 *
 * Throws engine-unavailable if the package is missing, or no adapter works.
 */
export async function loadWebgpu(): Promise<Engine> {
  const found = await findAdapter();
  if (!found.ok) throw engineError(`The webgpu engine does not load: ${found.reason}. Choose another with --engine.`);
  const { adapter, dawn } = found;
  // The loader of Vulkan drivers prints about each that it passes over; what matters comes as an error.
  process.env['VK_LOADER_DEBUG'] ??= 'none';
  const { create, globals } = await importDawn(dawn);
  Object.assign(globalThis, globals);
  const [{ startBackend, stopBackend }, { registerWebgpuKernels }] = await Promise.all([import('./backend'), import('./webgpuKernels')]);
  registerWebgpuKernels();
  const backend = await startBackend(create([]));
  return {
    info: {
      engine: 'webgpu',
      reason: adapter.isSoftware ? 'it was asked for; its adapter is software, on the CPU' : 'there is a GPU with a driver for WebGPU',
      versions: { tfjs: tf.version_core, tfjsBackendWebgpu: TFJS_NODE_VERSION, webgpu: dawn.version, driver: adapter.driver },
      device: adapter.name,
      threads: 1,
    },
    compile: (name, step) => (inputs) => {
      backend.assertSound();
      return runEagerly(name, step, inputs);
    },
    releaseUnused: () => undefined,
    dispose: stopBackend,
  };
}
