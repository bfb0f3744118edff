import { z } from 'zod';
import { exemplarLossesSchema, NO_LOSSES } from './learningEffect';
import { bothClassifiersSchema } from './metrics';
import { SCHEMA_VERSION } from './schemaVersion';

/** What `state.safetensors` holds beside its tensors, as the metadata string `details`. */
export const resumeDetailsSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** The step that comes next; `stage` is an index into the phase's stages. */
  cursor: z.strictObject({ phase: z.int().min(0), stage: z.int().min(0), step: z.int().min(0) }),
  /** After each phase evaluated so far. */
  evaluations: z.array(bothClassifiersSchema),
  exemplarLosses: exemplarLossesSchema.default(NO_LOSSES),
  /** Seconds spent so far in the stage and in the phase, pauses left out. */
  stageSeconds: z.number().min(0),
  phaseSeconds: z.number().min(0),
});
export type ResumeDetails = z.infer<typeof resumeDetailsSchema>;
