import { keep, type Tensor } from '@tensorflow/tfjs-core';
import { gradients } from '../ops/differentiate';
import type { NamedTensors } from '../ops/namedTensors';
import { updateRunningStatistics, type BatchStatistics } from './batchNorm';
import type { Host } from './hosts/host';
import { forward, FROZEN, type Model, type NetworkShape } from './network';
import { sgdStep } from './sgd';

/** State and batch of a training step. Everything that changes between steps is a tensor. */
export type TrainingInputs = {
  readonly params: NamedTensors;
  readonly buffers: NamedTensors;
  readonly momentum: NamedTensors;
  /** [N, H, W, C], normalised and augmented */
  readonly images: Tensor;
  /** [N, classes seen] */
  readonly oneHot: Tensor;
  /** Scalars α1, λ, τ. */
  readonly learningRate: Tensor;
  readonly lambda: Tensor;
  readonly temperature: Tensor;
  /** The model before this phase, Θ_{i−1}; absent in phase 0. */
  readonly oldParams?: NamedTensors;
  readonly oldBuffers?: NamedTensors;
};

export type TrainingOutputs = {
  readonly params: NamedTensors;
  readonly buffers: NamedTensors;
  readonly momentum: NamedTensors;
  /** The loss before the step: a scalar. */
  readonly loss: Tensor;
};

/**
 * (6): Θ_i ← Θ_i − α1·∇L_all, one batch, batch norm by the batch's statistics.
 * @returns a pure step for an engine to compile
 */
export function trainingStep(shape: NetworkShape, loss: Host['loss'], momentum: number, weightDecay: number) {
  return (inputs: TrainingInputs): TrainingOutputs => {
    const { params, buffers, images, oneHot, lambda, temperature, oldParams, oldBuffers } = inputs;
    const oldModel: Model | null = oldParams && oldBuffers ? { params: oldParams, buffers: oldBuffers } : null;
    const oldLogits = oldModel && forward(shape, oldModel, images, FROZEN).logits;
    const statistics = new Map<string, BatchStatistics>();
    const { value, gradients: gradient } = gradients(() => {
      const { logits } = forward(shape, { params, buffers }, images, {
        kind: 'batch',
        onStatistics: (norm, batch) => statistics.set(norm, kept(batch)),
      });
      return loss({ logits, oneHot, lambda, temperature, ...(oldLogits ? { oldLogits } : {}) });
    }, params);
    const next = sgdStep(inputs, gradient, inputs.learningRate, momentum, weightDecay);
    const newBuffers = updateRunningStatistics(buffers, statistics);
    for (const { mean, variance } of statistics.values()) for (const tensor of [mean, variance]) tensor.dispose();
    return { ...next, buffers: newBuffers, loss: value };
  };
}

/** Batch statistics leave the tape's scope, which would dispose them; their step does so after use. */
function kept(batch: BatchStatistics): BatchStatistics {
  return { ...batch, mean: keep(batch.mean), variance: keep(batch.variance) };
}
