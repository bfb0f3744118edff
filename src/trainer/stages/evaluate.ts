import { floatImages } from '../../data/imageSource';
import { confusionMatrix } from '../../learning/metrics';
import { NearestMean } from '../../learning/nearestMean';
import { EVALUATION_BATCH } from '../../learning/plan';
import { examplesOf } from '../batches';
import { imageSize } from '../exemplarMemory';
import { predictAll, predictBatch } from './predictions';
import { classesSeen, type StageStart } from './stage';

/**
 * Both classifiers on the test data of all classes seen, one batch a step. Where exemplars are learned, the nearest mean also
 * by those of earlier versions, which costs their features and no test image's.
 */
export const startEvaluating: StageStart = async (context) => {
  const { data, plan, phase, state, steps } = context;
  const seen = classesSeen(plan, phase.phase);
  const test = examplesOf(
    data,
    'test',
    plan.phases.filter((p) => p.phase <= phase.phase).flatMap((p) => p.classes),
  );
  const { memory } = state;
  const nearestMeanOf = async (pixels: Float32Array) => {
    const { features } = await predictAll(steps, state.model, floatImages(pixels, imageSize(data)), data);
    const classifier = new NearestMean(features, features.length / memory.count, memory.classes, seen);
    return { classifier, predicted: new Int32Array(test.classes.length) };
  };
  const now = await nearestMeanOf(memory.after);
  const learned = context.config().exemplarMethod === 'mnemonics';
  const chosen = learned ? await nearestMeanOf(memory.before) : null;
  const stored = learned && memory.stored ? await nearestMeanOf(memory.stored) : null;
  const softmax = new Int32Array(test.classes.length);
  return {
    restarts: true,
    async step(i) {
      const from = i * EVALUATION_BATCH;
      const count = Math.min(EVALUATION_BATCH, test.classes.length - from);
      const { features, logits } = await predictBatch(steps, state.model, test.images, data, from, count);
      softmax.set(largestOfRows(logits, seen), from);
      for (const version of [now, chosen, stored]) version?.predicted.set(version.classifier.classify(features), from);
      return { loss: null, images: count };
    },
    async end() {
      const confusionOf = (predicted: Int32Array) => confusionMatrix(test.classes, predicted, seen);
      const nearestMean = confusionOf(now.predicted);
      context.evaluated({
        softmax: confusionOf(softmax),
        nearestMean,
        // In phase 0 nothing is adapted, so that what is stored is what there is now.
        earlier: chosen && { chosen: confusionOf(chosen.predicted), stored: stored ? confusionOf(stored.predicted) : nearestMean },
      });
    },
  };
};

/** Column of the largest entry of each row, [n, columns]. */
function largestOfRows(matrix: Float32Array, columns: number): Int32Array {
  return Int32Array.from({ length: matrix.length / columns }, (_, i) => {
    const row = matrix.subarray(i * columns, (i + 1) * columns);
    return row.indexOf(row.reduce((a, b) => Math.max(a, b), -Infinity));
  });
}
