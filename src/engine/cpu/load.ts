import * as tf from '@tensorflow/tfjs-core';
import { runEagerly } from '../eager';
import type { Engine } from '../engine';
import { registerComposedKernels } from '../kernels/composition';

const CPU_BACKEND = 'cpu';

/** Loads tfjs's plain JavaScript backend: slow, and the yardstick of the tests. Makes it the current backend. */
export async function loadCpu(): Promise<Engine> {
  const { version_cpu } = await import('@tensorflow/tfjs-backend-cpu');
  registerComposedKernels(CPU_BACKEND);
  // Else the backend prints an advertisement for tfjs-node at its first tensor. Off again after it, since the flag also
  // turns on a check of kernels that takes what a custom gradient saves for a leak.
  tf.env().set('IS_TEST', true);
  await tf.setBackend(CPU_BACKEND);
  tf.scalar(0).dispose();
  tf.env().set('IS_TEST', false);
  return {
    info: {
      engine: 'cpu',
      reason: 'it was asked for; it serves tests',
      versions: { tfjs: tf.version_core, tfjsBackendCpu: version_cpu },
      device: 'CPU',
      threads: 1,
    },
    compile: (name, step) => (inputs) => runEagerly(name, step, inputs),
    releaseUnused: () => undefined,
    dispose: () => undefined,
  };
}
