import * as tf from '@tensorflow/tfjs-core';
import type { EngineName } from '../../../src/protocol/words';
import type { Engine } from '../../../src/engine/engine';
import { loadCpu } from '../../../src/engine/cpu/load';
import { loadNative } from '../../../src/engine/native/load';
import { findNative } from '../../../src/engine/native/manifest';
import { loadWasm } from '../../../src/engine/wasm/load';
import { checkedByExecution } from './executed';
import { loadWebgpu } from '../../../src/engine/webgpu/load';
import { useSwiftShader } from './swiftShader';

const loaders: Record<EngineName, () => Promise<Engine>> = {
  // In tests a step that can't be recorded is a failure, not a slower way, and so is a graph that execution would not give.
  native: async () =>
    checkedByExecution(
      await loadNative({
        onFallback: (name, cause) => {
          throw new Error(`the step "${name}" fell back to eager execution`, { cause });
        },
      }),
    ),
  webgpu: loadWebgpu,
  wasm: loadWasm,
  cpu: loadCpu,
};

/** Why an engine's tests can't run on this machine; undefined if they can. */
export function missing(name: EngineName): string | undefined {
  if (name === 'webgpu') return useSwiftShader();
  return name === 'native' && !findNative() ? 'the native engine is not installed (engine install)' : undefined;
}

/** `slow webgpu` where the suite takes minutes on a software driver: there `npm run test:webgpu` runs it, and nothing else. */
type Named = EngineName | 'slow webgpu';

/**
 * Runs a suite once for each named engine, with that engine's backend current. An engine that isn't there shows as a
 * pending test that says why.
 */
export function describeOnEngines(title: string, names: readonly Named[], suite: (engine: () => Engine) => void): void {
  for (const named of names) {
    const name = named === 'slow webgpu' ? 'webgpu' : named;
    const tooLong = named === 'slow webgpu' && !process.env['MNEMONICS_WHOLE_WEBGPU'];
    const reason = missing(name) ?? (tooLong ? 'it takes minutes on a software driver (npm run test:webgpu)' : undefined);
    if (reason) {
      describe(title, () => it(`on ${name}: skipped, ${reason}`));
      continue;
    }
    describe(`${title} on ${name}`, function () {
      // TensorFlow takes a second or two to load on a busy machine, and SwiftShader is slow.
      this.timeout(name === 'webgpu' ? 600_000 : 30_000);
      let engine: Engine | undefined;
      let previous = '';
      before(async () => {
        previous = tf.getBackend();
        engine = await loaders[name]();
      });
      after(async () => {
        engine?.dispose();
        if (previous) await tf.setBackend(previous);
      });
      suite(() => {
        if (!engine) throw new Error('the engine is loaded in a before hook');
        return engine;
      });
    });
  }
}

/** A tensor's values, which some engines give asynchronously only. */
export async function valuesOf(tensor: tf.Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}

/** The values of the tensors that a computation returns; all its tensors are disposed. */
export async function valuesFrom(compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(compute);
  const values = await Promise.all(tensors.map(valuesOf));
  tf.dispose(tensors);
  return values;
}

/** Runs a computation on tfjs's plain backend and returns its values, then goes back to the current backend. */
export async function onCpu(compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  const previous = tf.getBackend();
  await loadCpu();
  const values = await valuesFrom(compute);
  await tf.setBackend(previous);
  return values;
}
