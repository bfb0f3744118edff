import { z } from 'zod';
import { classIndexSchema } from './ids';

const fraction = z.number().min(0).max(1);

/** What one classifier reached on the test data of all classes seen, after a phase. Fractions in [0, 1]. */
export const classifierMetricsSchema = z.strictObject({
  /** A_i: accuracy over all classes seen so far. */
  accuracy: fraction,
  /** A_i^Z: accuracy over phase 0's classes. */
  firstPhaseAccuracy: fraction,
  /** Accuracy over the classes that each phase 0 … i brought. */
  groupAccuracies: z.array(fraction),
  /** Accuracy of each class seen, by class index. */
  classAccuracies: z.array(fraction),
  /** Ā so far: mean of A_0 … A_i. */
  averageAccuracy: fraction,
  /** F, the paper's forgetting: A_0^Z − A_i^Z. May be negative. */
  paperForgetting: z.number(),
  /** Standard forgetting: mean over old phase groups of best-so-far minus last. Zero in phase 0. */
  standardForgetting: z.number(),
});
export type ClassifierMetrics = z.infer<typeof classifierMetricsSchema>;

export const bothClassifiersSchema = z.strictObject({ softmax: classifierMetricsSchema, nearestMean: classifierMetricsSchema });
export type BothClassifiers = z.infer<typeof bothClassifiersSchema>;

/** Mean |after − before| in normalised pixels below which people are told that nothing moved. */
export const NOTHING_MOVED = 1e-4;

/** How far the exemplars of a class have moved since they were chosen: mean and largest |after − before| over pixels, in normalised pixels. */
export const exemplarChangeSchema = z.strictObject({
  classIndex: classIndexSchema,
  meanChange: z.number().min(0),
  maxChange: z.number().min(0),
});
export type ExemplarChange = z.infer<typeof exemplarChangeSchema>;
