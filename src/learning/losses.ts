import { tensor, type Tensor } from '@tensorflow/tfjs-core';
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

/** Rows of a matrix [N, d] scaled to length 1. */
export function unitRows(matrix: Tensor): Tensor {
  // Far below any squared length seen; only a row of exact zeros is kept from dividing by zero.
  return ops.mul(matrix, ops.rsqrt(ops.addScalar(ops.sum(ops.square(matrix), [1], true), 1e-12)));
}

/** 1 − ⟨ā, b̄⟩ of rows scaled to length 1, both [N, d]: the mean over the rows. */
export function cosineDistance(a: Tensor, b: Tensor): Tensor {
  const n = a.shape[0] ?? 1;
  return ops.addScalar(ops.mul(ops.sum(ops.mul(unitRows(a), unitRows(b))), -1 / n), 1);
}

/**
 * LUCIR's margin ranking (Hou et al., eq. 8): max(0, m − own score + score of a new class), over the images of old classes
 * and the K new classes with the highest scores for each, as a mean; 0 where the batch has no such image.
 * @param scores [N, classes], cosines
 * @param oneHot [N, classes]
 * @param oldClasses number of old classes, which come first
 * @param hardest K ≤ new classes, a scalar
 * @param margin m, a scalar
 */
export function marginRankingLoss(scores: Tensor, oneHot: Tensor, oldClasses: number, hardest: Tensor, margin: Tensor): Tensor {
  const [n = 1, classes = 1] = scores.shape;
  const isOld = ops.sum(ops.slice(oneHot, [0, 0], [n, oldClasses]), [1], true);
  const own = ops.sum(ops.mul(scores, oneHot), [1], true);
  const rivals = ops.slice(scores, [0, oldClasses], [n, classes - oldClasses]);
  const violations = ops.relu(ops.add(ops.sub(rivals, own), margin));
  const counted = ops.mul(largestOfRows(rivals, hardest), isOld);
  const pairs = ops.sum(counted);
  const none = ops.addScalar(ops.mul(ops.step(pairs), -1), 1);
  return ops.div(ops.sum(ops.mul(violations, counted)), ops.add(pairs, none));
}

/**
 * 1 at each row's `count` largest entries, [N, C] → [N, C], of equal ones the first: a constant, no derivative goes
 * through it. An entry's rank is the number of entries before it in that order.
 * @param count a scalar
 */
export function largestOfRows(matrix: Tensor, count: Tensor): Tensor {
  const [n = 1, c = 1] = matrix.shape;
  const here = ops.reshape(matrix, [n, c, 1]);
  const there = ops.reshape(matrix, [n, 1, c]);
  const larger = ops.step(ops.sub(there, here));
  const smaller = ops.step(ops.sub(here, there));
  const equal = ops.addScalar(ops.mul(ops.add(larger, smaller), -1), 1);
  const earlier = tensor(
    Float32Array.from({ length: c * c }, (_, i) => (i % c < Math.floor(i / c) ? 1 : 0)),
    [1, c, c],
  );
  const rank = ops.sum(ops.add(larger, ops.mul(equal, earlier)), [2]);
  return ops.step(ops.sub(count, rank));
}
