import { herding } from '../../learning/herding';
import { needsFeatures } from '../../learning/plan';
import { RandomStream } from '../../learning/randomStreams';
import { examplesOf } from '../batches';
import { imageSize } from '../exemplarMemory';
import { predictAll } from './predictions';
import type { StageStart } from './stage';

/** Makes room, then chooses the first exemplars of each class of the phase, one class a step: at random, or by herding with the trained model. */
export const startSelecting: StageStart = async ({ config, data, phase, state, steps }) => ({
  async step(i) {
    const chosenClass = phase.classes[i];
    if (!chosenClass) throw new Error(`Phase ${phase.phase} has no class ${i}`);
    const { seed } = config();
    const perClass = phase.exemplarsPerClass ?? config().exemplarsPerClass;
    // The model has trained on all that was stored; only now do old classes give way to new ones.
    state.memory.shrink(perClass);
    const { images } = examplesOf(data, 'train', [chosenClass]);
    let rows: ArrayLike<number>;
    if (needsFeatures(config())) {
      const { features } = await predictAll(steps, state.model, images, data);
      rows = herding(features, features.length / images.count, perClass);
    } else {
      rows = new RandomStream(seed, 'select', chosenClass.label).permutation(images.count).subarray(0, perClass);
    }
    const size = imageSize(data);
    const pixels = new Float32Array(rows.length * size);
    for (let k = 0; k < rows.length; k++) images.write(rows[k] ?? 0, pixels, k * size);
    state.memory.add(chosenClass.index, pixels);
    return { loss: null, images: needsFeatures(config()) ? images.count : 0 };
  },
  end: async () => undefined,
});
