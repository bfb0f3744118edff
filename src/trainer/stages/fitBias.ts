import { scalar, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { floatImages, joined } from '../../data/imageSource';
import { correctNewClasses } from '../../learning/biasCorrection';
import { disposeNamed, mapNamed } from '../../ops/namedTensors';
import { oneHot } from '../batches';
import { imageSize } from '../exemplarMemory';
import { splitExemplars, splitNewImages } from '../heldOut';
import { scalarOf, toPlain, toTensors, valuesOf } from '../tensorData';
import { predictAll } from './predictions';
import { assertFinite, classesSeen, type StageContext, type StageStart } from './stage';

/**
 * Fits scale and shift of the new classes' logits on the held-out images, of which each class seen has the same number. The
 * images go through the model once; a step then is on their logits alone.
 */
export const startFittingBias: StageStart = async (context) => {
  const { steps, state, plan, phase, config } = context;
  const seen = classesSeen(plan, phase.phase);
  const first = seen - phase.classes.length;
  const correction = steps.host.biasCorrection?.(config());
  if (!correction) throw new Error(`${steps.host.name} corrects no bias`);
  const held = await heldOutLogits(context, first, seen);
  const learningRate = scalar(correction.learningRate);
  const isNew = tensor(new Float32Array(seen).fill(1, first), [1, seen]);
  let params: Fitted = { scale: tensor([1]), shift: tensor([0]) };
  let momentum: Fitted = { scale: tensor([0]), shift: tensor([0]) };
  return {
    restarts: true,
    async step() {
      const next = steps.fitBias({ params, momentum, logits: held.logits, oneHot: held.oneHot, isNew, learningRate });
      for (const tensors of [params, momentum]) disposeNamed(tensors);
      params = next.params as Fitted;
      momentum = next.momentum as Fitted;
      const loss = await scalarOf(next.loss);
      next.loss.dispose();
      return { loss, images: 0 };
    },
    async end() {
      const [scale, shift] = [await valuesOf(params.scale), await valuesOf(params.shift)];
      for (const fitted of [scale, shift]) assertFinite(fitted);
      const buffers = await toPlain(state.model.buffers);
      const fitted = correctNewClasses(buffers, first, seen, { scale: scale[0] ?? NaN, shift: shift[0] ?? NaN });
      state.replaceModel({ params: mapNamed(state.model.params, (t) => t.clone()), buffers: toTensors({ ...buffers, ...fitted }) });
      for (const tensors of [params, momentum, { ...held, learningRate, isNew }]) disposeNamed(tensors);
    },
  };
};

type Fitted = { readonly scale: Tensor; readonly shift: Tensor };

/** Logits of held-out exemplars of old classes and held-out images of new ones, with the class of each. */
async function heldOutLogits(context: StageContext, first: number, seen: number): Promise<{ logits: Tensor; oneHot: Tensor }> {
  const { state, steps, data, phase } = context;
  const { memory } = state;
  const rows = splitExemplars(context, 0, first).heldOut;
  const { heldOut: fresh } = splitNewImages(context, phase.classes);
  const images = joined(floatImages(memory.gather(rows), imageSize(data)), fresh.images);
  const classes = [...rows.map((row) => memory.classes[row] ?? -1), ...fresh.classes];
  const { logits } = await predictAll(steps, state.model, images, data);
  return { logits: tensor(logits, [classes.length, seen]), oneHot: oneHot(classes, seen) };
}
