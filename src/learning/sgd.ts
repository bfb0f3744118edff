import type { Tensor } from '@tensorflow/tfjs-core';
import { mapNamed, named, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';

export interface SgdState {
  readonly params: NamedTensors;
  readonly momentum: NamedTensors;
}

/**
 * One step of stochastic gradient descent, PyTorch's: g ← g + decay·θ; v ← μ·v + g; θ ← θ − α·v. Decay and momentum
 * apply to every parameter; where a mask of a parameter is 0, nothing does.
 * @param learningRate α, a scalar tensor
 * @param masks 1 where a parameter trains and 0 where it is fixed, for those that don't train whole
 */
export function sgdStep(
  state: SgdState,
  gradients: NamedTensors,
  learningRate: Tensor,
  momentum: number,
  weightDecay: number,
  masks: NamedTensors = {},
): SgdState {
  const velocity = mapNamed(state.params, (param, name) => {
    const decayed = ops.add(named(gradients, name), ops.mul(param, weightDecay));
    const mask = masks[name];
    return ops.add(ops.mul(named(state.momentum, name), momentum), mask ? ops.mul(decayed, mask) : decayed);
  });
  const params = mapNamed(state.params, (param, name) => ops.sub(param, ops.mul(named(velocity, name), learningRate)));
  return { params, momentum: velocity };
}
