import type { Tensor } from '@tensorflow/tfjs-core';
import type { Model } from '../../../learning/model';
import type { RandomStream } from '../../../learning/randomStreams';
import { oneHot } from '../../batches';
import type { StageContext } from '../stage';
import { asStored, augmentedImages, withOthers } from './innerImages';

/** What the temporary model of (8) starts from and trains on. */
export interface InnerLoop {
  /** Θ'_0. Not changed. */
  readonly start: Model;
  /** What each of the K steps trains on, [m', H, W, C], and its classes, [m', classes seen]. */
  readonly images: Tensor;
  readonly oneHot: Tensor;
  /** The gradient by the exemplars, from that by `images`, which it takes over. */
  pullBack(gradient: Tensor): Promise<Tensor>;
  dispose(): void;
}

/**
 * The inner loop for some exemplars: as the paper has it from Θ_i, on the exemplars alone and as they are. The one place where options
 * change that. Learning and measuring both ask here, so that they mean the same Θ'.
 * @param exemplars [m, H, W, C]
 * @param classes class index of each, [m]
 * @param seen number of classes seen, the width of the classifier
 * @param random what the options draw from
 */
export async function innerLoop(
  context: StageContext,
  exemplars: Tensor,
  classes: Int32Array,
  seen: number,
  random: RandomStream,
): Promise<InnerLoop> {
  const { innerReplay, mnemonicsAugmentation } = context.config();
  const start = startOf(context, random);
  let inner = asStored(exemplars, classes);
  if (innerReplay === 'others') inner = withOthers(inner, context, random);
  if (mnemonicsAugmentation === 'as-training') inner = await augmentedImages(inner, context, random);
  const labels = oneHot(inner.classes, seen);
  return {
    start,
    images: inner.images,
    oneHot: labels,
    pullBack: (gradient) => inner.pullBack(gradient),
    dispose() {
      labels.dispose();
      inner.dispose();
    },
  };
}

/** `innerStart`: the model itself, or one of those that its training left behind. */
function startOf({ config, state }: StageContext, random: RandomStream): Model {
  if (config().innerStart === 'model') return state.model;
  const snapshot = state.snapshots[random.integer(state.snapshots.length)];
  if (!snapshot) throw new Error('Training has left no snapshot');
  return snapshot;
}
