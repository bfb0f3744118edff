import type { Tensor } from '@tensorflow/tfjs-core';
import { gradients, seedWith } from '../ops/differentiate';
import { mapNamed, named, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';
import { foldingOf, pulledBack, type Fold } from './folding';
import { classificationLoss } from './losses';

/*
 * The steps that the hypergradient of (9) is made of, for any model whose logits are a function of trained parameters and
 * inputs. L_c is softmax cross-entropy over all classes seen.
 */

/** Logits [n, classes] of inputs. */
export type Logits = (folded: NamedTensors, buffers: NamedTensors, inputs: Tensor) => Tensor;

/** What is unrolled. */
export interface Unrolled {
  /** φ(θ): what the logits are computed with, such as kernels with their batch norm in them, by what the inner loop trains. Null: θ itself. */
  readonly fold: Fold | null;
  readonly logits: Logits;
}

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

export type InnerOutputs = {
  /** θ_{k+1} */
  readonly params: NamedTensors;
  /** ∂L_c(θ_k; E)/∂φ, by the names of φ: the sweep needs it, and it costs a third of a step to compute again. Empty where φ is θ. */
  readonly slope: NamedTensors;
};

/** (8): θ_{k+1} = θ_k − α2·∇L_c(θ_k; E). */
export const innerStep =
  ({ fold, logits }: Unrolled) =>
  ({ params, buffers, exemplars, oneHot, innerLearningRate }: InnerInputs): InnerOutputs => {
    const folded = fold ? fold(params, buffers) : params;
    const { gradients: slope } = gradients(() => classificationLoss(logits(folded, buffers, exemplars), oneHot), folded);
    const g = fold ? pulledBack(() => fold(params, buffers), params, slope) : slope;
    const moved = mapNamed(params, (param, name) => ops.sub(param, ops.mul(named(g, name), innerLearningRate)));
    return { params: moved, slope: fold ? slope : {} };
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
  ({ fold, logits }: Unrolled) =>
  ({ params, buffers, images, oneHot }: OuterInputs): { v: NamedTensors; loss: Tensor } => {
    const { value: loss, gradients: v } = gradients(
      () => classificationLoss(logits(fold ? fold(params, buffers) : params, buffers, images), oneHot),
      params,
    );
    return { v, loss };
  };

export type AdjointInputs = InnerInputs & {
  /** ∂L_c(θ_k; E)/∂φ, as the inner step gave it */
  readonly slope: NamedTensors;
  /** ∂L_c(θ_K; D)/∂θ_{k+1}, by parameter */
  readonly v: NamedTensors;
  /** v as far as the step has moved it: v itself, but where other exemplars of the same step have done their share. */
  readonly moved: NamedTensors;
  /** What the later steps have contributed to the gradient, of E's shape; zeros at first. */
  readonly gradient: Tensor;
};
export type AdjointOutputs = { readonly v: NamedTensors; readonly gradient: Tensor };
export type AdjointStep = (inputs: AdjointInputs) => AdjointOutputs;
export type ExemplarStep = (inputs: AdjointInputs) => Pick<AdjointOutputs, 'gradient'>;

const EXEMPLARS = ' exemplars';

/**
 * One step of the reverse sweep. With s(θ, ε) = ⟨∇_θ L_c(θ; ε), v⟩ at (θ_k, E): gradient ← gradient − α2·∂s/∂ε, then
 * v ← v − α2·∂s/∂θ. Memory does not grow with K. Where L_c is a mean over exemplars that don't see each other, so is s, and a step can be
 * done in shares: for a part of E, with α2 times its share of E, each `moved` being what the one before returned as v.
 */
export const adjointStep =
  ({ fold, logits }: Unrolled): AdjointStep =>
  (inputs) => {
    const { params, exemplars, innerLearningRate, moved } = inputs;
    const { folded, direction, inParams } = foldingOf(fold, inputs);
    const { gradients: ds } = gradients(() => innerProduct(logits, folded, inputs, direction), { ...folded, [EXEMPLARS]: exemplars });
    const byParams = inParams(ds);
    return {
      v: mapNamed(params, (_, name) => ops.sub(named(moved, name), ops.mul(named(byParams, name), innerLearningRate))),
      gradient: movedAgainst(inputs, ds),
    };
  };

/** The first half of the sweep's step: all that counts of its last one, k = 0, whose v nobody asks for. */
export const exemplarStep =
  ({ fold, logits }: Unrolled): ExemplarStep =>
  (inputs) => {
    const { folded, direction } = foldingOf(fold, inputs);
    const { gradients: ds } = gradients(() => innerProduct(logits, folded, inputs, direction), { [EXEMPLARS]: inputs.exemplars });
    return { gradient: movedAgainst(inputs, ds) };
  };

/** The sweep's step without its second half: v stays what it was at θ_K, so no curvature of L_c counts. */
export const firstOrderStep =
  (unrolled: Unrolled): AdjointStep =>
  (inputs) => ({ v: inputs.moved, ...exemplarStep(unrolled)(inputs) });

/** s(θ, ε), to be differentiated; its value means nothing. */
function innerProduct(
  logits: Logits,
  folded: NamedTensors,
  { buffers, exemplars, oneHot }: AdjointInputs,
  direction: NamedTensors,
): Tensor {
  const inner = gradients(() => classificationLoss(logits(folded, buffers, exemplars), oneHot), folded);
  return seedWith(inner.gradients, direction);
}

const movedAgainst = ({ gradient, innerLearningRate }: AdjointInputs, ds: NamedTensors): Tensor =>
  ops.sub(gradient, ops.mul(named(ds, EXEMPLARS), innerLearningRate));
