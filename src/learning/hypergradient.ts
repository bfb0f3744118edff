import type { Tensor } from '@tensorflow/tfjs-core';
import { disposeNamed, type NamedTensors } from '../ops/namedTensors';
import { exemplarParts, joinedGradient } from './exemplarParts';
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

  const parts = exemplarParts(problem, steps.separable);
  let v = outer.v;
  for (let k = innerSteps - 1; k >= 0; k--) {
    const [params, slope] = [trajectory[k] as NamedTensors, slopes[k] as NamedTensors];
    let moved = v;
    for (const part of parts) {
      const inputs = { params, buffers, slope, v, moved, ...part };
      // Nobody asks for the last step's v.
      const next = k > 0 ? steps.adjoint(inputs) : { v: moved, ...steps.last(inputs) };
      if (moved !== v && moved !== next.v) disposeNamed(moved);
      part.gradient.dispose();
      part.gradient = next.gradient;
      moved = next.v;
      if (k > 0 || part !== parts.at(-1)) yield;
    }
    if (moved !== v) disposeNamed(v);
    if (k > 0) disposeNamed(params);
    disposeNamed(slope);
    v = moved;
  }
  disposeNamed(v);
  return { gradient: joinedGradient(parts), loss: outer.loss };
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
