import { zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { disposeNamed, type NamedTensors } from '../ops/namedTensors';
import type { adjointStep, innerStep, outerStep } from './mnemonicsSteps';
import type { Model } from './network';

/** The steps of {@link hypergradient}, as an engine has compiled them. */
export interface HypergradientSteps {
  readonly inner: ReturnType<typeof innerStep>;
  readonly outer: ReturnType<typeof outerStep>;
  readonly adjoint: ReturnType<typeof adjointStep>;
}

export interface HypergradientProblem {
  /** Θ_i, from which the temporary model starts. Not changed. */
  readonly model: Model;
  /** E, [m, H, W, C] */
  readonly exemplars: Tensor;
  /** [m, classes seen] */
  readonly exemplarsOneHot: Tensor;
  /** D, [n, H, W, C]: new data for (9), the other half of the exemplars for (10) */
  readonly images: Tensor;
  /** [n, classes seen] */
  readonly imagesOneHot: Tensor;
  /** K ≥ 0 */
  readonly innerSteps: number;
  /** α2, a scalar */
  readonly innerLearningRate: Tensor;
}

/**
 * ∇_E L_c(Θ'_i(E); D) of (9) and (10), through all K steps of (8), all weights: exact, by the reverse sweep of algorithm.md.
 * Keeps K sets of weights, and nothing else that grows with K. The temporary model is thrown away.
 * @returns the gradient, [m, H, W, C], and the loss L_c(Θ'_i(E); D), a scalar; the caller disposes both
 */
export function hypergradient(steps: HypergradientSteps, problem: HypergradientProblem): { gradient: Tensor; loss: Tensor } {
  const { model, exemplars, exemplarsOneHot: oneHot, images, imagesOneHot, innerSteps, innerLearningRate } = problem;
  const { buffers } = model;
  const trajectory: NamedTensors[] = [model.params];
  for (let k = 0; k < innerSteps; k++) {
    const params = trajectory[k] as NamedTensors;
    trajectory.push(steps.inner({ params, buffers, exemplars, oneHot, innerLearningRate }).params);
  }
  const last = trajectory[innerSteps] as NamedTensors;
  const outer = steps.outer({ params: last, buffers, images, oneHot: imagesOneHot });
  if (innerSteps > 0) disposeNamed(last);

  let v = outer.v;
  let gradient: Tensor = zerosLike(exemplars);
  for (let k = innerSteps - 1; k >= 0; k--) {
    const params = trajectory[k] as NamedTensors;
    const next = steps.adjoint({ params, buffers, exemplars, oneHot, innerLearningRate, v, gradient });
    for (const tensors of [v, { gradient }, ...(k > 0 ? [params] : [])]) disposeNamed(tensors);
    ({ v, gradient } = next);
  }
  disposeNamed(v);
  return { gradient, loss: outer.loss };
}
