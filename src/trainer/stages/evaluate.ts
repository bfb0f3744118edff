import { floatImages } from '../../data/imageSource';
import { confusionMatrix } from '../../learning/metrics';
import { NearestMean } from '../../learning/nearestMean';
import { EVALUATION_BATCH } from '../../learning/plan';
import { examplesOf } from '../batches';
import { imageSize } from '../exemplarMemory';
import { predictAll, predictBatch } from './predictions';
import { classesSeen, type StageStart } from './stage';

/** Both classifiers on the test data of all classes seen, one batch a step. */
export const startEvaluating: StageStart = async (context) => {
  const { data, plan, phase, state, steps } = context;
  const seen = classesSeen(plan, phase.phase);
  const test = examplesOf(
    data,
    'test',
    plan.phases.filter((p) => p.phase <= phase.phase).flatMap((p) => p.classes),
  );
  const { memory } = state;
  const exemplars = await predictAll(steps, state.model, floatImages(memory.after, imageSize(data)), data);
  const classifier = new NearestMean(exemplars.features, exemplars.features.length / memory.count, memory.classes, seen);
  const predicted = { softmax: new Int32Array(test.classes.length), nearestMean: new Int32Array(test.classes.length) };
  return {
    restarts: true,
    async step(i) {
      const from = i * EVALUATION_BATCH;
      const count = Math.min(EVALUATION_BATCH, test.classes.length - from);
      const { features, logits } = await predictBatch(steps, state.model, test.images, data, from, count);
      predicted.softmax.set(largestOfRows(logits, seen), from);
      predicted.nearestMean.set(classifier.classify(features), from);
      return { loss: null, images: count };
    },
    async end() {
      context.evaluated({
        softmax: confusionMatrix(test.classes, predicted.softmax, seen),
        nearestMean: confusionMatrix(test.classes, predicted.nearestMean, seen),
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
