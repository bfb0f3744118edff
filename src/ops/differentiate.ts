import * as tf from '@tensorflow/tfjs-core';
import { asAttribute, LAB_KERNELS, runKernel } from './kernels';
import { mapNamed, named, type NamedTensors } from './namedTensors';

/**
 * Gradients of a scalar function with respect to named tensors. Nests: a gradient inside `f` is itself differentiated.
 * Tensors on which the value does not depend get zeros.
 * @param f computes the scalar from the very tensors in `at`
 */
export function gradients(f: () => tf.Tensor, at: NamedTensors): { value: tf.Tensor; gradients: NamedTensors } {
  const names = Object.keys(at);
  const { value, grads } = tf.engine().gradients(f, Object.values(at), undefined, true);
  const byName = new Map(names.map((name, i) => [name, grads[i]] as const));
  return { value, gradients: mapNamed(at, (tensor, name) => byName.get(name) ?? tf.zerosLike(tensor)) };
}

/**
 * A scalar whose gradient with respect to `directions`' partners is exactly those directions: ⟨g, v⟩ without forming a
 * single dot product. Its own value is 0 and means nothing.
 * @param g tensors on a tape, as from {@link gradients}
 * @param v a direction for each, of the same shape
 */
export function seedWith(g: NamedTensors, v: NamedTensors): tf.Tensor {
  const directions = Object.keys(g).map((name) => [name, asAttribute(named(v, name))] as const);
  return runKernel(LAB_KERNELS.seed, { ...g }, Object.fromEntries(directions));
}
