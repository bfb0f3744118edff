import { z } from 'zod';
import { errorInfoSchema } from './errors';
import { SCHEMA_VERSION } from './schemaVersion';
import { STAGES } from './words';

const schemaVersion = z.literal(SCHEMA_VERSION);

/** What another process asks of a run through its folder. Fields are strings here: the run says which can change. */
export const controlRequestSchema = z.discriminatedUnion('intent', [
  z.strictObject({ schemaVersion, intent: z.literal('pause') }),
  z.strictObject({ schemaVersion, intent: z.literal('resume') }),
  z.strictObject({ schemaVersion, intent: z.literal('stop') }),
  /** All changes or none, between the same two steps. */
  z.strictObject({
    schemaVersion,
    intent: z.literal('set'),
    changes: z
      .array(z.strictObject({ field: z.string().max(100), value: z.number() }))
      .min(1)
      .max(100),
  }),
]);
export type ControlRequest = z.infer<typeof controlRequestSchema>;

/** The run's answer: why not, or null; and where it was then. */
export const controlAnswerSchema = z.strictObject({
  schemaVersion,
  error: errorInfoSchema.nullable(),
  phase: z.int().min(0),
  stage: z.enum(STAGES).nullable(),
  step: z.int().min(0),
});
export type ControlAnswer = z.infer<typeof controlAnswerSchema>;
