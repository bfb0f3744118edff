import { zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { disposeNamed, type NamedTensors } from '../ops/namedTensors';
import type { HypergradientSteps } from './hypergradientModes';
import { allParts, type InParts } from './inParts';
import type { Model } from './model';

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

export interface Hypergradient {
  /** [m, H, W, C] */
  readonly gradient: Tensor;
  /** L_c(Θ'_i(E); D), a scalar */
  readonly loss: Tensor;
}

/**
 * ∇_E L_c(Θ'_i(E); D) of (9) and (10), through the K steps of (8), as far as the steps' mode goes. Keeps K sets of what trains
 * and of its gradient, and nothing else that grows with K. The temporary model is thrown away.
 * @param steps of `hypergradientSteps`, as an engine has compiled them
 * @returns two tensors, which the caller disposes
 */
export function hypergradient(steps: HypergradientSteps, problem: HypergradientProblem): Hypergradient {
  return allParts(hypergradientInParts(steps, problem));
}

/** The same in parts: a step of (8), or of the sweep, is one. */
export function hypergradientInParts(steps: HypergradientSteps, problem: HypergradientProblem): InParts<Hypergradient> {
  return steps.throughFeatures ? throughFeatures(steps, steps.throughFeatures, problem) : reverseSweep(steps, problem);
}

/** The sweep of algorithm.md. */
function* reverseSweep(steps: HypergradientSteps, problem: HypergradientProblem): InParts<Hypergradient> {
  const { model, exemplars, exemplarsOneHot: oneHot, images, imagesOneHot, innerSteps, innerLearningRate } = problem;
  const { buffers } = model;
  const trajectory: NamedTensors[] = [model.params];
  const slopes: NamedTensors[] = [];
  for (let k = 0; k < innerSteps; k++) {
    const next = steps.inner({ params: trajectory[k] as NamedTensors, buffers, exemplars, oneHot, innerLearningRate });
    trajectory.push(next.params);
    slopes.push(next.slope);
    yield;
  }
  const last = trajectory[innerSteps] as NamedTensors;
  const outer = steps.outer({ params: last, buffers, images, oneHot: imagesOneHot });
  if (innerSteps > 0) disposeNamed(last);

  let v = outer.v;
  let gradient: Tensor = zerosLike(exemplars);
  for (let k = innerSteps - 1; k > 0; k--) {
    const [params, slope] = [trajectory[k] as NamedTensors, slopes[k] as NamedTensors];
    const next = steps.adjoint({ params, buffers, exemplars, oneHot, innerLearningRate, slope, v, gradient });
    for (const tensors of [v, { gradient }, params, slope]) disposeNamed(tensors);
    ({ v, gradient } = next);
    yield;
  }
  if (innerSteps > 0) {
    const slope = slopes[0] as NamedTensors;
    const first = steps.last({ params: model.params, buffers, exemplars, oneHot, innerLearningRate, slope, v, gradient });
    for (const tensors of [{ gradient }, slope]) disposeNamed(tensors);
    ({ gradient } = first);
  }
  disposeNamed(v);
  return { gradient, loss: outer.loss };
}

/** The sweep over the classifier, with features in the place of images; then its gradient goes back through the network, once. */
function* throughFeatures(steps: HypergradientSteps, through: ThroughFeatures, problem: HypergradientProblem): InParts<Hypergradient> {
  const { params, buffers } = problem.model;
  const lifted = onFeatures(through, problem);
  const { gradient: cotangent, loss } = yield* reverseSweep(steps, lifted.problem);
  const { gradient } = through.pullBack({ params, buffers, images: problem.exemplars, cotangent });
  cotangent.dispose();
  lifted.dispose();
  return { gradient, loss };
}

type ThroughFeatures = NonNullable<HypergradientSteps['throughFeatures']>;

/** The problem of mode `last-layer`: features stand for images, and the classifier for the model. */
export function onFeatures(
  { features }: ThroughFeatures,
  problem: HypergradientProblem,
): { readonly problem: HypergradientProblem; dispose(): void } {
  const { params, buffers } = problem.model;
  const exemplars = features({ params, buffers, images: problem.exemplars });
  const images = features({ params, buffers, images: problem.images });
  const classifier = Object.fromEntries(Object.entries(params).filter(([name]) => name.startsWith('fc.')));
  return {
    problem: { ...problem, model: { params: classifier, buffers }, exemplars: exemplars.features, images: images.features },
    dispose() {
      for (const tensors of [exemplars, images]) disposeNamed(tensors);
    },
  };
}
