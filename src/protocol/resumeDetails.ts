import { z } from 'zod';
import { runIdSchema } from './ids';
import { exemplarLossesSchema, NO_LOSSES } from './learningEffect';
import { bothClassifiersSchema } from './metrics';
import { SCHEMA_VERSION } from './schemaVersion';

/** What `state.safetensors` holds beside its tensors, as the metadata string `details`. */
export const resumeDetailsSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** Whose resume point it is, as `run.json` says it; absent in those of earlier versions. */
  run: z.strictObject({ id: runIdSchema, created: z.iso.datetime() }).optional(),
  /** Events that the log had when it was made, and so has ever after; absent in those of earlier versions. */
  events: z.int().min(0).optional(),
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
