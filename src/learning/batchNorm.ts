import type { Tensor } from '@tensorflow/tfjs-core';
import { mapNamed, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';

/** PyTorch's ε and momentum. */
export const BATCH_NORM_EPSILON = 1e-5;
const RUNNING_MOMENTUM = 0.1;

/** A batch's own mean and biased variance, [C] each, over `count` elements a channel. */
export interface BatchStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly count: number;
}

/**
 * Batch norm by given statistics, as what a convolution's kernel is multiplied by and its output shifted by:
 * conv(x, W·s) + b with s = γ·rsqrt(σ² + ε), b = β − μ·s. γ and β still train, and no batch-norm kernel runs.
 */
export function frozenBatchNorm(gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor): { scale: Tensor; shift: Tensor } {
  const scale = ops.mul(gamma, ops.rsqrt(ops.addScalar(variance, BATCH_NORM_EPSILON)));
  return { scale, shift: ops.sub(beta, ops.mul(mean, scale)) };
}

/** Buffers after a batch: running statistics PyTorch's way, an average with momentum 0.1, of the unbiased variance; the others stay. */
export function updateRunningStatistics(buffers: NamedTensors, batch: ReadonlyMap<string, BatchStatistics>): NamedTensors {
  return mapNamed(buffers, (running, name) => {
    const [, norm, which] = /^(.*)\.running_(mean|var)$/.exec(name) ?? [];
    if (norm === undefined) return running;
    const statistics = batch.get(norm);
    if (!statistics) throw new Error(`No batch statistics for ${norm}`);
    const unbiased = statistics.count / Math.max(1, statistics.count - 1);
    const now = which === 'mean' ? statistics.mean : ops.mul(statistics.variance, unbiased);
    return ops.add(ops.mul(running, 1 - RUNNING_MOMENTUM), ops.mul(now, RUNNING_MOMENTUM));
  });
}
