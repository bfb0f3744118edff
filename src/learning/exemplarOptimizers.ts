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
  /** Normalised values of the darkest and brightest pixel, [C] each; absent where exemplars may leave the data's range. */
  readonly lowest?: Tensor;
  readonly highest?: Tensor;
};

type ExemplarOptimizer = (inputs: ExemplarUpdateInputs) => ExemplarState;

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const ADAM_EPSILON = 1e-8;

/** The bias corrections of adam's update number t, t ≥ 1. */
export const adamCorrections = (t: number) => ({ first: 1 - FIRST_DECAY ** t, second: 1 - SECOND_DECAY ** t });

/** β1 or β2 after `epoch` whole epochs: halved every so many. */
export const halvedBeta = (beta: number, epoch: number, every: number): number => beta / 2 ** Math.floor(epoch / every);

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
export const EXEMPLAR_OPTIMIZERS: Readonly<Record<Config['exemplarOptimizer'], ExemplarOptimizer>> = {
  adam,
  sgd,
  'normalized-sgd': normalizedSgd,
};

/** An optimiser's step, then the projection onto the data's range where one is given: a pure step for an engine to compile. */
export const exemplarUpdate =
  (optimizer: Config['exemplarOptimizer']): ExemplarOptimizer =>
  (inputs) => {
    const { lowest, highest } = inputs;
    const next = EXEMPLAR_OPTIMIZERS[optimizer](inputs);
    return lowest && highest ? { ...next, exemplars: projected(next.exemplars, lowest, highest) } : next;
  };

/** Pixels outside [lowest, highest] put on its nearer end, to one rounding; those inside keep their bits, since what is taken off and added is 0. */
function projected(exemplars: Tensor, lowest: Tensor, highest: Tensor): Tensor {
  const over = ops.relu(ops.sub(exemplars, highest));
  const under = ops.relu(ops.sub(lowest, exemplars));
  return ops.add(ops.sub(exemplars, over), under);
}
