import type { Tensor } from '@tensorflow/tfjs-core';
import * as ops from '../../ops/ops';
import { classificationLoss, distillationLoss } from '../losses';
import type { HostBatch } from './host';

/** (5): λ·L_c + (1 − λ)·L_d; L_c alone where there is no older model. */
export function distilledLoss({ logits, oneHot, oldLogits, lambda, temperature }: HostBatch): Tensor {
  const classification = classificationLoss(logits, oneHot);
  if (!oldLogits) return classification;
  const distillation = distillationLoss(logits, oldLogits, temperature);
  return ops.add(ops.mul(classification, lambda), ops.mul(distillation, ops.addScalar(ops.mul(lambda, -1), 1)));
}
