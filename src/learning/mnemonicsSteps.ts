import type { Tensor } from '@tensorflow/tfjs-core';
import { gradients, seedWith } from '../ops/differentiate';
import { mapNamed, named, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';
import { classificationLoss } from './losses';
import { forward, FROZEN, type NetworkShape } from './network';

/*
 * The three steps that the hypergradient of (9) is made of. The temporary model's batch norm is frozen: running statistics
 * of Θ_i, scale and shift train. L_c is softmax cross-entropy over all classes seen.
 */

export type InnerInputs = {
  /** θ_k */
  readonly params: NamedTensors;
  readonly buffers: NamedTensors;
  /** E, [m, H, W, C], normalised pixels */
  readonly exemplars: Tensor;
  /** [m, classes seen] */
  readonly oneHot: Tensor;
  /** α2, a scalar */
  readonly innerLearningRate: Tensor;
};

/** (8): θ_{k+1} = θ_k − α2·∇L_c(θ_k; E). */
export const innerStep =
  (shape: NetworkShape) =>
  ({ params, buffers, exemplars, oneHot, innerLearningRate }: InnerInputs): { params: NamedTensors } => {
    const { gradients: g } = gradients(
      () => classificationLoss(forward(shape, { params, buffers }, exemplars, FROZEN).logits, oneHot),
      params,
    );
    return { params: mapNamed(params, (param, name) => ops.sub(param, ops.mul(named(g, name), innerLearningRate))) };
  };

export type OuterInputs = {
  /** θ_K */
  readonly params: NamedTensors;
  readonly buffers: NamedTensors;
  /** D, [n, H, W, C] */
  readonly images: Tensor;
  /** [n, classes seen] */
  readonly oneHot: Tensor;
};

/** L_c(θ_K; D) and v = ∂L_c(θ_K; D)/∂θ, with which the reverse sweep starts. */
export const outerStep =
  (shape: NetworkShape) =>
  ({ params, buffers, images, oneHot }: OuterInputs): { v: NamedTensors; loss: Tensor } => {
    const { value: loss, gradients: v } = gradients(
      () => classificationLoss(forward(shape, { params, buffers }, images, FROZEN).logits, oneHot),
      params,
    );
    return { v, loss };
  };

export type AdjointInputs = InnerInputs & {
  /** ∂L_c(θ_K; D)/∂θ_{k+1}, by parameter */
  readonly v: NamedTensors;
  /** What the later steps have contributed to the gradient, [m, H, W, C]; zeros at first. */
  readonly gradient: Tensor;
};

/**
 * One step of the reverse sweep. With s(θ, ε) = ⟨∇_θ L_c(θ; ε), v⟩ at (θ_k, E): gradient ← gradient − α2·∂s/∂ε, then
 * v ← v − α2·∂s/∂θ. Memory does not grow with K.
 */
export const adjointStep =
  (shape: NetworkShape) =>
  ({ params, buffers, exemplars, oneHot, innerLearningRate, v, gradient }: AdjointInputs): { v: NamedTensors; gradient: Tensor } => {
    const EXEMPLARS = ' exemplars';
    const { gradients: ds } = gradients(
      () => {
        const inner = gradients(() => classificationLoss(forward(shape, { params, buffers }, exemplars, FROZEN).logits, oneHot), params);
        return seedWith(inner.gradients, v);
      },
      { ...params, [EXEMPLARS]: exemplars },
    );
    return {
      v: mapNamed(params, (_, name) => ops.sub(named(v, name), ops.mul(named(ds, name), innerLearningRate))),
      gradient: ops.sub(gradient, ops.mul(named(ds, EXEMPLARS), innerLearningRate)),
    };
  };
