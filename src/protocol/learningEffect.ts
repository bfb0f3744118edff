import { z } from 'zod';

/*
 * What learning made of the exemplars in a phase, in up to three versions: `chosen`, the images as they were chosen in the
 * phase in which their classes came; `stored`, as the phase before left them; `now`, as this phase leaves them.
 */

/** L_c(Θ'(E); D) on test images of the exemplars' own classes; null where the temporary model diverged. */
const loss = z.number().min(0).nullable();
const fraction = z.number().min(0).max(1);

/** The objective of (9) for the phase's own classes and of (10) for earlier ones, on data that learning never sees. Null where none were learned. */
export const exemplarLossesSchema = z.strictObject({
  new: z.strictObject({ chosen: loss, now: loss }).nullable(),
  old: z.strictObject({ chosen: loss, stored: loss, now: loss }).nullable(),
});
export type ExemplarLosses = z.infer<typeof exemplarLossesSchema>;
export const NO_LOSSES: ExemplarLosses = { new: null, old: null };

/**
 * Accuracy of the nearest-mean classifier over the classes that one phase brought, among all classes seen, by the model at the
 * phase's end. `chosen` has every class's exemplars as chosen. `stored` and `now` differ in old classes' exemplars alone,
 * before and after (10): what this phase's adapting of them was worth.
 */
export const groupByVersionSchema = z.strictObject({
  /** Phases since the classes came: 0 for the phase's own. */
  age: z.int().min(0),
  chosen: fraction,
  stored: fraction,
  now: fraction,
});
export type GroupByVersion = z.infer<typeof groupByVersionSchema>;

export const learningEffectSchema = z.strictObject({
  losses: exemplarLossesSchema,
  /** One entry for each phase so far, youngest classes first. */
  nearestMean: z.array(groupByVersionSchema),
  /** Mean |change| over pixels in this phase, in normalised pixels; `old` is null in phase 0. */
  moved: z.strictObject({ new: z.number().min(0), old: z.number().min(0).nullable() }),
});
export type LearningEffect = z.infer<typeof learningEffectSchema>;
