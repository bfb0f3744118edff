import type { Tensor } from '@tensorflow/tfjs-core';
import * as ops from '../ops/ops';

/** Logarithms of softmax, [N, C] → [N, C], written so that its second derivative is exact. */
export function logSoftmax(logits: Tensor): Tensor {
  const shifted = ops.sub(logits, ops.rowMaximum(logits));
  return ops.sub(shifted, ops.log(ops.sum(ops.exp(shifted), [1], true)));
}

/**
 * L_c: softmax cross-entropy, mean over the batch.
 * @param logits [N, C]
 * @param oneHot [N, C]
 */
export function classificationLoss(logits: Tensor, oneHot: Tensor): Tensor {
  const n = logits.shape[0] ?? 1;
  return ops.mul(ops.sum(ops.mul(logSoftmax(logits), oneHot)), -1 / n);
}

/**
 * L_d of (5): −Σ_k π'_k(x; Θ_{i−1}) log π'_k(x; Θ_i) over the old classes, mean over the batch. π' is the softmax at
 * temperature τ, which is π^{1/τ} normalised.
 * @param logits [N, classes seen]
 * @param oldLogits [N, old classes], of the model before this phase
 * @param temperature τ, a scalar tensor
 */
export function distillationLoss(logits: Tensor, oldLogits: Tensor, temperature: Tensor): Tensor {
  const [n = 1, old = 0] = oldLogits.shape;
  const target = ops.exp(logSoftmax(ops.div(oldLogits, temperature)));
  const student = logSoftmax(ops.div(ops.slice(logits, [0, 0], [n, old]), temperature));
  return ops.mul(ops.sum(ops.mul(target, student)), -1 / n);
}
