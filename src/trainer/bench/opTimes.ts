import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../../engine/engine';
import { takeOverOps, type NativeBackend } from '../../engine/native/backend';
import type { OpTime } from '../../protocol/benchMessages';

/** The same engine without its graphs: each op is a call of its own, which can be timed. */
export const opByOp = (engine: Engine): Engine => ({
  ...engine,
  compile: (name, step, options) => engine.compile(name, step, { ...options, opByOp: true }),
});

export interface OpTimer {
  /** What was collected since it was last asked, longest first. */
  collected(): OpTime[];
  end(): void;
}

/** Times every op that reaches TensorFlow from now on, by its name and the shape of its largest argument or result. */
export function timeOps(): OpTimer {
  const backend = tf.backend() as unknown as NativeBackend;
  let times = new Map<string, { op: string; shape: string; calls: number; seconds: number }>();
  const end = takeOverOps(backend, (execute) => (op, attrs, inputs, count) => {
    const started = performance.now();
    const outputs = execute(op, attrs, inputs, count);
    const seconds = (performance.now() - started) / 1000;
    const largest = [...inputs, ...outputs]
      .map(({ shape }) => shape)
      .reduce((a, b) => (tf.util.sizeFromShape(b) > tf.util.sizeFromShape(a) ? b : a), []);
    const shape = largest.join('×');
    const key = `${op} ${shape}`;
    const known = times.get(key) ?? { op, shape, calls: 0, seconds: 0 };
    times.set(key, { op, shape, calls: known.calls + 1, seconds: known.seconds + seconds });
    return outputs;
  });
  return {
    collected() {
      const collected = [...times.values()].sort((a, b) => b.seconds - a.seconds);
      times = new Map();
      return collected;
    },
    end,
  };
}
