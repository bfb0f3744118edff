import { keep, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { gradients } from '../ops/differentiate';
import { named, type NamedTensors } from '../ops/namedTensors';
import type { Host } from '../hosts/host';
import { updateRunningStatistics, type BatchStatistics } from './batchNorm';
import { forward, FROZEN, type NetworkShape } from './network';
import type { Model } from './model';
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
  /** α1, a scalar */
  readonly learningRate: Tensor;
  /** The host's numbers, scalars. */
  readonly scalars: NamedTensors;
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

export interface TrainingOptions {
  readonly momentum: number;
  readonly weightDecay: number;
  /** The classifier's rows of old classes stay as they are. */
  readonly fixesOldClasses?: boolean;
}

/**
 * (6): Θ_i ← Θ_i − α1·∇L_all, one batch, batch norm by the batch's statistics.
 * @returns a pure step for an engine to compile
 */
export function trainingStep(shape: NetworkShape, loss: ReturnType<Host['loss']>, options: TrainingOptions) {
  return (inputs: TrainingInputs): TrainingOutputs => {
    const { params, buffers, images, oneHot, scalars, oldParams, oldBuffers } = inputs;
    const oldModel: Model | null = oldParams && oldBuffers ? { params: oldParams, buffers: oldBuffers } : null;
    const old = oldModel && forward(shape, oldModel, images, FROZEN);
    const statistics = new Map<string, BatchStatistics>();
    const { value, gradients: gradient } = gradients(() => {
      const now = forward(shape, { params, buffers }, images, {
        kind: 'batch',
        onStatistics: (norm, batch) => statistics.set(norm, kept(batch)),
      });
      return loss({ ...now, oneHot, scalars, ...(old ? { old } : {}) });
    }, params);
    const masks = options.fixesOldClasses && oldParams ? oldRowsMask(named(oldParams, 'fc.weight'), named(params, 'fc.weight')) : {};
    const next = sgdStep(inputs, gradient, inputs.learningRate, options.momentum, options.weightDecay, masks);
    const newBuffers = updateRunningStatistics(buffers, statistics);
    for (const { mean, variance } of statistics.values()) for (const tensor of [mean, variance]) tensor.dispose();
    return { ...next, buffers: newBuffers, loss: value };
  };
}

/** 0 at the classifier's rows of old classes, 1 at those of new ones. */
function oldRowsMask(old: Tensor, now: Tensor): NamedTensors {
  const [oldClasses = 0] = old.shape;
  const [classes = 0] = now.shape;
  const rows = new Float32Array(classes).fill(1, oldClasses);
  return { 'fc.weight': tensor(rows, [classes, 1]) };
}

/** Batch statistics leave the tape's scope, which would dispose them; their step does so after use. */
function kept(batch: BatchStatistics): BatchStatistics {
  return { ...batch, mean: keep(batch.mean), variance: keep(batch.variance) };
}
