import * as tf from '@tensorflow/tfjs-core';

/** What tfjs's engine keeps to itself and a recording needs. */
interface Inside {
  readonly state: { readonly kernelDepth: number };
  runKernelFunc(params: { readonly kernelName?: string }): unknown;
}

/** How a custom gradient is called in a recording: it has no kernel, and nobody can tell what its derivative is. */
export const CUSTOM_GRADIENT = 'tf.customGrad';

/**
 * Names of the kernels that a function runs, forward and backward: those that a tape sees. What a kernel runs inside itself is
 * its own affair.
 */
export function recordKernels(run: () => void): Set<string> {
  const names = new Set<string>();
  const inside = tf.engine() as unknown as Inside;
  const { runKernelFunc } = inside;
  inside.runKernelFunc = (params) => {
    if (inside.state.kernelDepth === 0) names.add(params.kernelName ?? CUSTOM_GRADIENT);
    return runKernelFunc.call(inside, params);
  };
  try {
    run();
  } finally {
    inside.runKernelFunc = runKernelFunc;
  }
  return names;
}
