import type { Tensor } from '@tensorflow/tfjs-core';
import type { Config } from '../protocol/config';
import * as ops from '../ops/ops';

/** Exemplars and what their optimiser remembers, all [m, H, W, C]. Only adam uses the moments; the others hand them on. */
export type ExemplarState = {
  readonly exemplars: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
};

export type ExemplarUpdateInputs = ExemplarState & {
  readonly gradient: Tensor;
  /** β1 of (9) or β2 of (10), a scalar */
  readonly step: Tensor;
  /** 1 − 0.9^t and 1 − 0.999^t for the update's number t ≥ 1: scalars, adam's bias corrections */
  readonly firstCorrection: Tensor;
  readonly secondCorrection: Tensor;
};

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const ADAM_EPSILON = 1e-8;

/** The bias corrections of adam's update number t, t ≥ 1. */
export const adamCorrections = (t: number) => ({ first: 1 - FIRST_DECAY ** t, second: 1 - SECOND_DECAY ** t });

/** E ← E − β·∇E, as (9) and (10) are written. */
function sgd({ exemplars, firstMoment, secondMoment, gradient, step }: ExemplarUpdateInputs): ExemplarState {
  return { exemplars: ops.sub(exemplars, ops.mul(gradient, step)), firstMoment, secondMoment };
}

/** A step of root mean square length β along the gradient. */
function normalizedSgd({ exemplars, firstMoment, secondMoment, gradient, step }: ExemplarUpdateInputs): ExemplarState {
  // Far below any gradient seen; only a gradient of exact zeros is kept from dividing by zero.
  const length = ops.sqrt(ops.addScalar(ops.mean(ops.square(gradient)), 1e-24));
  return { exemplars: ops.sub(exemplars, ops.mul(ops.div(gradient, length), step)), firstMoment, secondMoment };
}

/** Adam (Kingma and Ba 2015). Losses are means, so a pixel's gradient is tiny; adam's step does not depend on its size. */
function adam({
  exemplars,
  firstMoment,
  secondMoment,
  gradient,
  step,
  firstCorrection,
  secondCorrection,
}: ExemplarUpdateInputs): ExemplarState {
  const first = ops.add(ops.mul(firstMoment, FIRST_DECAY), ops.mul(gradient, 1 - FIRST_DECAY));
  const second = ops.add(ops.mul(secondMoment, SECOND_DECAY), ops.mul(ops.square(gradient), 1 - SECOND_DECAY));
  const direction = ops.div(ops.div(first, firstCorrection), ops.addScalar(ops.sqrt(ops.div(second, secondCorrection)), ADAM_EPSILON));
  return { exemplars: ops.sub(exemplars, ops.mul(direction, step)), firstMoment: first, secondMoment: second };
}

/** Every exemplar optimiser: a pure step each. */
export const EXEMPLAR_OPTIMIZERS: Readonly<Record<Config['exemplarOptimizer'], (inputs: ExemplarUpdateInputs) => ExemplarState>> = {
  adam,
  sgd,
  'normalized-sgd': normalizedSgd,
};
