import { scalar, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import { normalised } from '../../../data/augmentation';
import { adamCorrections, type ExemplarState } from '../../../learning/exemplarOptimizers';
import { hypergradientInParts } from '../../../learning/hypergradient';
import { RandomStream } from '../../../learning/randomStreams';
import type { Batch } from '../../batches';
import { scalarOf } from '../../tensorData';
import { partByPart, type StageContext } from '../stage';
import type { TakenExemplars } from './exemplarSet';
import { innerLoop } from './innerLoop';

export interface Update {
  /** Number of classes seen. */
  readonly seen: number;
  /** β1 of (9) or β2 of (10), as halved so far. */
  readonly beta: number;
  /** Names the update's random stream. */
  readonly stream: readonly (string | number)[];
  /** Number of this update among those that these exemplars have had, from 1. */
  readonly number: number;
}

/**
 * One hypergradient and one step of the exemplar optimiser.
 * @returns what the exemplars become, for the caller to put in place, and L_c(Θ'(E); target) before the update
 * @throws StepAbandoned where the run is to stop
 */
export async function updateExemplars(
  context: StageContext,
  taken: TakenExemplars,
  target: Batch,
  update: Update,
): Promise<{ next: ExemplarState; loss: number }> {
  const { steps, config } = context;
  const { alpha2, innerSteps, seed } = config();
  const random = new RandomStream(seed, 'inner', ...update.stream);
  const inner = await innerLoop(context, taken.state.exemplars, taken.classes, update.seen, random);
  const innerLearningRate = scalar(alpha2);
  const parts = hypergradientInParts(steps.hypergradient, {
    model: inner.start,
    exemplars: inner.images,
    exemplarsOneHot: inner.oneHot,
    images: target.images,
    imagesOneHot: target.oneHot,
    innerSteps,
    innerLearningRate,
  });
  const { gradient, loss } = await partByPart(context, parts);
  const inputs = { gradient: await inner.pullBack(gradient), ...updateScalars(update), ...pixelRange(context) };
  const next = steps.updateExemplars({ ...taken.state, ...inputs });
  const value = await scalarOf(loss);
  for (const t of [loss, innerLearningRate, ...Object.values(inputs)]) t.dispose();
  inner.dispose();
  return { next, loss: value };
}

function updateScalars({ beta, number }: Update) {
  const { first, second } = adamCorrections(number);
  return { step: scalar(beta), firstCorrection: scalar(first), secondCorrection: scalar(second) };
}

/** Normalised values of 0 and 255 in each channel, where the config keeps exemplars between them. */
function pixelRange({ config, data }: StageContext): { lowest?: Tensor; highest?: Tensor } {
  if (config().exemplarRange === 'none') return {};
  return { lowest: tensor1d(normalised(data, 0)), highest: tensor1d(normalised(data, 1)) };
}
