import assert from 'node:assert/strict';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Engine, Step, TensorTree } from '../../../src/engine/engine';
import type { NativeBackend, OutputsOf } from '../../../src/engine/native/backend';
import { recordStep } from '../../../src/engine/native/record';
import { signature } from '../../../src/engine/tree';

/** Executes the ops of a recording, whose shapes are then TensorFlow's own. */
export function executing(backend: NativeBackend): OutputsOf {
  const { executeMultipleOutputs } = backend;
  return (op, attrs, inputs, count) => executeMultipleOutputs.call(backend, op, [...attrs], [...inputs] as TensorInfo[], count);
}

/** Fails unless a step becomes the same graph, byte for byte, by inference and by execution. */
export function assertRecordedAsExecuted<I extends TensorTree, O extends TensorTree>(name: string, step: Step<I, O>, inputs: I): void {
  const backend = tf.backend() as unknown as NativeBackend;
  const inferred = recordStep(backend, step, inputs);
  const executed = recordStep(backend, step, inputs, executing(backend));
  assert.deepEqual([inferred.feeds, inferred.fetches, inferred.nodeCount], [executed.feeds, executed.fetches, executed.nodeCount], name);
  assert.ok(Buffer.from(inferred.savedModel).equals(executed.savedModel), `${name}: inferred and executed graphs differ`);
}

/** The native engine, which in tests records each step that it compiles a second time, by executing it, and compares. */
export function checkedByExecution(engine: Engine): Engine {
  return {
    ...engine,
    compile: (name, step, options) => {
      const compiled = engine.compile(name, step, options);
      const checked = new Set<string>();
      return (inputs) => {
        const key = signature(inputs);
        // First the engine itself: what a step throws is to come from there.
        const outputs = compiled(inputs);
        if (!options?.opByOp && !checked.has(key)) assertRecordedAsExecuted(name, step, inputs);
        checked.add(key);
        return outputs;
      };
    },
  };
}
