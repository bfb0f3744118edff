import { z } from 'zod';
import { configSchema, LIVE_FIELDS } from './config';
import type { DistributiveOmit } from './distributiveOmit';
import { engineInfoSchema } from './engineInfo';
import { errorInfoSchema } from './errors';
import { classIndexSchema, classLabelSchema, runIdSchema, runPathSchema } from './ids';
import { learningEffectSchema } from './learningEffect';
import { bothClassifiersSchema, exemplarChangeSchema } from './metrics';
import { SCHEMA_VERSION } from './schemaVersion';
import { CLASSIFIERS, STAGES } from './words';

/** A class as people know it. */
export const classSchema = z.strictObject({ index: classIndexSchema, label: classLabelSchema, name: z.string() });
export type ClassInfo = z.infer<typeof classSchema>;

/** The whole course of a run, known before its first step. */
export const planSchema = z.strictObject({
  phases: z.array(
    z.strictObject({
      phase: z.int().min(0),
      /** The classes that this phase brings. */
      classes: z.array(classSchema),
      /** Exemplars kept of each class seen once the phase has selected its own; absent in runs of before memory could shrink. */
      exemplarsPerClass: z.int().min(1).optional(),
      /** `images` counts what is fed forward or backward: the measure of a stage's work until its duration is known. */
      stages: z.array(z.strictObject({ stage: z.enum(STAGES), steps: z.int().min(0), images: z.number().min(0) })),
    }),
  ),
});
export type Plan = z.infer<typeof planSchema>;

const place = { phase: z.int().min(0), stage: z.enum(STAGES).nullable(), step: z.int().min(0) };
const change = { field: z.enum(LIVE_FIELDS), value: z.number() };

/** In every event: `seq` counts from 0 without gaps, `time` is milliseconds since 1970, `step` counts within the stage. */
const envelope = {
  schemaVersion: z.literal(SCHEMA_VERSION),
  seq: z.int().min(0),
  time: z.number().min(0),
  ...place,
};
const event = <K extends string, S extends z.core.$ZodShape>(kind: K, shape: S) =>
  z.strictObject({ ...envelope, kind: z.literal(kind), ...shape });

/** Every fact of a run. One line of `events.jsonl`, one message to the editor. */
export const eventSchema = z.discriminatedUnion('kind', [
  event('run-started', {
    runId: runIdSchema,
    config: configSchema,
    plan: planSchema,
    engine: engineInfoSchema,
    /** The classifier of the host's headline figure. */
    headline: z.enum(CLASSIFIERS),
    pid: z.int(),
    /** Of a run that repeats another: that run's id, and its changes with the places from which they counted. */
    replay: z.strictObject({ run: runIdSchema, changes: z.array(z.strictObject({ ...place, ...change })) }).optional(),
  }),
  /** The run goes on from its resume point in a new process: what was logged after that point in the stage counts no more. */
  event('run-continued', { engine: engineInfoSchema, pid: z.int() }),
  event('phase-started', {}),
  event('stage-started', { steps: z.int().min(0) }),
  /** At most a few a second. `loss` is the mean since the last one; null in stages that have none. `secondsLeft` is for the whole run. */
  event('progress', {
    loss: z.number().nullable(),
    imagesPerSecond: z.number().min(0),
    secondsLeft: z.number().min(0).nullable(),
    fractionDone: z.number().min(0).max(1),
  }),
  event('stage-ended', { seconds: z.number().min(0) }),
  event('exemplars-stored', { file: runPathSchema, changes: z.array(exemplarChangeSchema), meanChange: z.number().min(0) }),
  /** Where exemplars are learned. */
  event('exemplars-learned', learningEffectSchema.shape),
  event('evaluated', { file: runPathSchema, metrics: bothClassifiersSchema }),
  event('phase-ended', { seconds: z.number().min(0), checkpoint: runPathSchema }),
  event('paused', {}),
  event('resumed', {}),
  /** `plan` where the value changes the course of the run: stages that have not ended take their steps and images from it. */
  event('setting-changed', { ...change, previous: z.number(), plan: planSchema.optional() }),
  event('warning', { message: z.string() }),
  /** `stopped` is a result, not an error; the run can be resumed. */
  event('run-ended', { outcome: z.enum(['completed', 'stopped', 'failed']), error: errorInfoSchema.nullable() }),
]);
export type RunEvent = z.infer<typeof eventSchema>;
/** Where in a run something is; `stage` is null between stages. */
export type RunPlace = Pick<RunEvent, keyof typeof place>;
export type RunEventKind = RunEvent['kind'];
/** An event before the log has numbered, dated and placed it. */
export type EventBody = DistributiveOmit<RunEvent, keyof typeof envelope>;
