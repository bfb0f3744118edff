import type { Tensor } from '@tensorflow/tfjs-core';
import { gradients, seedWith } from '../ops/differentiate';
import { mapNamed, named, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';
import { classificationLoss } from './losses';

/*
 * The steps that the hypergradient of (9) is made of, for any model whose logits are a function of trained parameters and
 * inputs. L_c is softmax cross-entropy over all classes seen.
 */

/** What is unrolled: logits [n, classes] of inputs. `params` are what the inner loop trains. */
export type Logits = (params: NamedTensors, buffers: NamedTensors, inputs: Tensor) => Tensor;

export type InnerInputs = {
  /** θ_k */
  readonly params: NamedTensors;
  readonly buffers: NamedTensors;
  /** E, [m, …]: normalised pixels, or what stands for them */
  readonly exemplars: Tensor;
  /** [m, classes seen] */
  readonly oneHot: Tensor;
  /** α2, a scalar */
  readonly innerLearningRate: Tensor;
};

/** (8): θ_{k+1} = θ_k − α2·∇L_c(θ_k; E). */
export const innerStep =
  (logits: Logits) =>
  ({ params, buffers, exemplars, oneHot, innerLearningRate }: InnerInputs): { params: NamedTensors } => {
    const { gradients: g } = gradients(() => classificationLoss(logits(params, buffers, exemplars), oneHot), params);
    return { params: mapNamed(params, (param, name) => ops.sub(param, ops.mul(named(g, name), innerLearningRate))) };
  };

export type OuterInputs = {
  /** θ_K */
  readonly params: NamedTensors;
  readonly buffers: NamedTensors;
  /** D, [n, …] */
  readonly images: Tensor;
  /** [n, classes seen] */
  readonly oneHot: Tensor;
};

/** L_c(θ_K; D) and v = ∂L_c(θ_K; D)/∂θ, with which the reverse sweep starts. */
export const outerStep =
  (logits: Logits) =>
  ({ params, buffers, images, oneHot }: OuterInputs): { v: NamedTensors; loss: Tensor } => {
    const { value: loss, gradients: v } = gradients(() => classificationLoss(logits(params, buffers, images), oneHot), params);
    return { v, loss };
  };

export type AdjointInputs = InnerInputs & {
  /** ∂L_c(θ_K; D)/∂θ_{k+1}, by parameter */
  readonly v: NamedTensors;
  /** What the later steps have contributed to the gradient, of E's shape; zeros at first. */
  readonly gradient: Tensor;
};
export type AdjointOutputs = { readonly v: NamedTensors; readonly gradient: Tensor };
export type AdjointStep = (inputs: AdjointInputs) => AdjointOutputs;
export type ExemplarStep = (inputs: AdjointInputs) => Pick<AdjointOutputs, 'gradient'>;

const EXEMPLARS = ' exemplars';

/**
 * One step of the reverse sweep. With s(θ, ε) = ⟨∇_θ L_c(θ; ε), v⟩ at (θ_k, E): gradient ← gradient − α2·∂s/∂ε, then
 * v ← v − α2·∂s/∂θ. Memory does not grow with K.
 */
export const adjointStep =
  (logits: Logits): AdjointStep =>
  (inputs) => {
    const { params, exemplars, innerLearningRate, v } = inputs;
    const { gradients: ds } = gradients(() => innerProduct(logits, inputs), { ...params, [EXEMPLARS]: exemplars });
    return {
      v: mapNamed(params, (_, name) => ops.sub(named(v, name), ops.mul(named(ds, name), innerLearningRate))),
      gradient: movedAgainst(inputs, ds),
    };
  };

/** The first half of the sweep's step: all that counts of its last one, k = 0, whose v nobody asks for. */
export const exemplarStep =
  (logits: Logits): ExemplarStep =>
  (inputs) => {
    const { gradients: ds } = gradients(() => innerProduct(logits, inputs), { [EXEMPLARS]: inputs.exemplars });
    return { gradient: movedAgainst(inputs, ds) };
  };

/** The sweep's step without its second half: v stays what it was at θ_K, so no curvature of L_c counts. */
export const firstOrderStep =
  (logits: Logits): AdjointStep =>
  (inputs) => ({ v: inputs.v, ...exemplarStep(logits)(inputs) });

/** s(θ, ε), to be differentiated; its value means nothing. */
function innerProduct(logits: Logits, { params, buffers, exemplars, oneHot, v }: AdjointInputs): Tensor {
  const inner = gradients(() => classificationLoss(logits(params, buffers, exemplars), oneHot), params);
  return seedWith(inner.gradients, v);
}

const movedAgainst = ({ gradient, innerLearningRate }: AdjointInputs, ds: NamedTensors): Tensor =>
  ops.sub(gradient, ops.mul(named(ds, EXEMPLARS), innerLearningRate));
