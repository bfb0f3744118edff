import { growCorrection } from '../learning/biasCorrection';
import { growClassifier, imprintedRows } from '../learning/initialWeights';
import { copyOfModel, disposeModel, type PlainModel, type PlainTensor } from '../learning/model';
import { frozenKernels } from '../learning/weightTransfer';
import { splitNewImages } from './heldOut';
import { predictAll } from './stages/predictions';
import { classesSeen, type StageContext } from './stages/stage';
import { toPlain, toTensors } from './tensorData';

/**
 * Θ_i ← Θ_{i−1} with a classifier for the classes of phase i ≥ 1, as the host wants its new rows, and with frozen kernels
 * where weights are transferred. Θ_{i−1} stays for the host's loss.
 */
export async function growModel(context: StageContext): Promise<void> {
  const { state, config, steps, plan, phase } = context;
  const seen = classesSeen(plan, phase.phase);
  const old: PlainModel = { params: await toPlain(state.model.params), buffers: await toPlain(state.model.buffers) };
  const classifier = growClassifier(steps.shape, old.params, seen, config().seed);
  const { 'fc.weight': weight } = classifier;
  const { 'fc.weight': oldWeight } = old.params;
  if (steps.host.imprints && weight && oldWeight) weight.data.set(await newRows(context, oldWeight), oldWeight.data.length);
  const grown: PlainModel = {
    params: { ...old.params, ...classifier },
    buffers: { ...old.buffers, ...(steps.host.biasCorrection ? growCorrection(old.buffers, seen) : {}) },
  };
  const next = config().weightTransfer ? frozenKernels(grown) : grown;

  if (state.oldModel) disposeModel(state.oldModel);
  state.oldModel = copyOfModel(state.model);
  state.replaceModel({ params: toTensors(next.params), buffers: toTensors(next.buffers) });
}

/** Imprinted rows of the phase's classes, from the features that the model before it gives their training images. */
async function newRows(context: StageContext, oldWeight: PlainTensor): Promise<Float32Array> {
  const { steps, state, data, phase } = context;
  const features: Float32Array[] = [];
  for (const brought of phase.classes) {
    const { images } = splitNewImages(context, [brought]).train;
    features.push((await predictAll(steps, state.model, images, data)).features);
  }
  return imprintedRows(oldWeight, features);
}
