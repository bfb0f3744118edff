import type { Tensor } from '@tensorflow/tfjs-core';
import type { Classifier, HostName } from '../../protocol/words';

/** What a host's loss is computed from: one batch, seen by the model in training and by the model before this phase. */
export interface HostBatch {
  /** [N, classes seen] */
  readonly logits: Tensor;
  /** [N, classes seen] */
  readonly oneHot: Tensor;
  /** [N, old classes]; absent in phase 0. */
  readonly oldLogits?: Tensor;
  /** Scalars λ and τ: inputs of the step, so that a change needs no new recording. */
  readonly lambda: Tensor;
  readonly temperature: Tensor;
}

/** A continual-learning method that trains the model of a phase. It knows neither files nor phases nor exemplar methods. */
export interface Host {
  readonly name: HostName;
  /** Which classifier its authors report. */
  readonly headline: Classifier;
  /** L_all of (6): a scalar. */
  loss(batch: HostBatch): Tensor;
}
