import type { Tensor } from '@tensorflow/tfjs-core';
import type { Model } from '../../../learning/network';
import { oneHot } from '../../batches';
import type { StageContext } from '../stage';

/** What the temporary model of (8) starts from and trains on. */
export interface InnerLoop {
  /** Θ'_0. Not changed, and disposed by `dispose` where it was made for this loop. */
  readonly start: Model;
  /** What each of the K steps trains on, [m', H, W, C], and its classes, [m', classes seen]. */
  readonly images: Tensor;
  readonly oneHot: Tensor;
  /** The gradient by the exemplars, from that by `images`, which it takes over. */
  pullBack(gradient: Tensor): Tensor;
  dispose(): void;
}

/**
 * The inner loop for some exemplars, as the paper has it: from Θ_i, on the exemplars alone and as they are. The one place
 * where an option may change that: another start (Θ_{i−1}, a fresh classifier), changed images (augmentation, whose
 * transpose `pullBack` then is), or more of them (other classes' exemplars, whose part of the gradient `pullBack` cuts off).
 * Learning and measuring both ask here, so that they mean the same Θ'.
 * @param exemplars [m, H, W, C]
 * @param classes class index of each, [m]
 * @param seen number of classes seen, the width of the classifier
 */
export function innerLoop({ state }: StageContext, exemplars: Tensor, classes: Int32Array, seen: number): InnerLoop {
  const labels = oneHot(classes, seen);
  return {
    start: state.model,
    images: exemplars,
    oneHot: labels,
    pullBack: (gradient) => gradient,
    dispose: () => labels.dispose(),
  };
}
