import { z } from 'zod';
import { classSchema } from './events';
import { learningEffectSchema } from './learningEffect';
import { bothClassifiersSchema } from './metrics';
import { SCHEMA_VERSION } from './schemaVersion';

/** Rows are true classes, columns predicted ones, by class index; entries count test images. */
const confusionMatrixSchema = z.array(z.array(z.int().min(0)));

/** The confusion matrices of both classifiers. */
export const confusionSchema = z.strictObject({ softmax: confusionMatrixSchema, nearestMean: confusionMatrixSchema });
export type ConfusionMatrices = z.infer<typeof confusionSchema>;

/** `phase-NN/evaluation.json`: what both classifiers reached on the test data of the classes seen. */
export const evaluationFileSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  phase: z.int().min(0),
  classes: z.array(classSchema),
  testImages: z.int().min(1),
  metrics: bothClassifiersSchema,
  /** What learning made of the exemplars; null where none were learned. */
  learning: learningEffectSchema.nullable().default(null),
  confusion: confusionSchema,
  /** Checksum of the file; absent in those of earlier versions. */
  sha256: z.string().length(64).optional(),
});
export type EvaluationFile = z.infer<typeof evaluationFileSchema>;
