import { herding } from '../../learning/herding';
import { needsFeatures } from '../../learning/plan';
import { RandomStream } from '../../learning/randomStreams';
import { imageSize } from '../exemplarMemory';
import { splitNewImages } from '../heldOut';
import { predictAll } from './predictions';
import { exemplarsPerClass, type StageStart } from './stage';

/** Makes room, then chooses the first exemplars of each class of the phase, one class a step: at random, or by herding with the trained model. */
export const startSelecting: StageStart = async (context) => ({
  async step(i) {
    const { config, data, phase, state, steps } = context;
    const chosenClass = phase.classes[i];
    if (!chosenClass) throw new Error(`Phase ${phase.phase} has no class ${i}`);
    const { seed } = config();
    const perClass = exemplarsPerClass(context);
    // The model has trained on all that was stored; only now do old classes give way to new ones.
    state.memory.shrink(perClass);
    const { images } = splitNewImages(context, [chosenClass]).train;
    let rows: ArrayLike<number>;
    if (needsFeatures(config())) {
      const { features } = await predictAll(steps, state.model, images, data);
      rows = herding(features, features.length / images.count, perClass);
    } else {
      rows = new RandomStream(seed, 'select', chosenClass.label).permutation(images.count).subarray(0, perClass);
    }
    const size = imageSize(data);
    const pixels = new Float32Array(rows.length * size);
    for (let k = 0; k < rows.length; k++) await images.write(rows[k] ?? 0, pixels, k * size);
    state.memory.add(chosenClass.index, pixels);
    return { loss: null, images: needsFeatures(config()) ? images.count : 0 };
  },
  end: async () => undefined,
});
