import * as tf from '@tensorflow/tfjs-core';
import type { Step, TensorTree } from './engine';
import { mapTree } from './tree';

/**
 * Runs a step op by op inside a tidy. Every output is a tensor of its own, even where the step
 * returns one of its inputs, a constant or the same tensor twice.
 */
export function runEagerly<I extends TensorTree, O extends TensorTree>(name: string, step: Step<I, O>, inputs: I): O {
  return tf.tidy(name, () => mapTree(step(inputs), (tensor) => tensor.clone())) as O;
}
