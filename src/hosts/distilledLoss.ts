import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostBatch, HostMath } from './host';

/** (5): λ·L_c + (1 − λ)·L_d; L_c alone where there is no older model. */
export const distilledLoss =
  ({ ops, classificationLoss, distillationLoss }: HostMath) =>
  ({ logits, oneHot, old, scalars: { lambda, temperature } }: HostBatch<'lambda' | 'temperature'>): Tensor => {
    const classification = classificationLoss(logits, oneHot);
    if (!old) return classification;
    const distillation = distillationLoss(logits, old.logits, temperature);
    return ops.add(ops.mul(classification, lambda), ops.mul(distillation, ops.addScalar(ops.mul(lambda, -1), 1)));
  };
