import { z } from 'zod';
import { configSchema } from './config';
import { engineInfoSchema } from './engineInfo';
import { errorInfoSchema } from './errors';
import { runIdSchema } from './ids';
import { SCHEMA_VERSION } from './schemaVersion';
import { DATA_SETS } from './words';

/** `interrupted` is never written by the dying process: a reader concludes it from `running` without a living owner. */
export const RUN_STATUSES = ['running', 'completed', 'stopped', 'failed'] as const;

/** Which data a run used: sha256 over the files' own sha256 sums. */
export const dataFingerprintSchema = z.strictObject({
  dataSet: z.enum(DATA_SETS),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  trainImages: z.int().min(1),
  testImages: z.int().min(1),
  /** Mean and standard deviation of each channel, of pixels in [0, 1]: what the images were normalised with. Runs of earlier versions don't say. */
  normalization: z.strictObject({ mean: z.array(z.number()), std: z.array(z.number()) }).optional(),
});
export type DataFingerprint = z.infer<typeof dataFingerprintSchema>;

/** `run.json`: what a run is. Times are ISO 8601. */
export const runFileSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  id: runIdSchema,
  config: configSchema,
  /** With which it began. */
  engine: engineInfoSchema,
  /** With which it went on, where it was allowed to go on with another one, oldest first. */
  laterEngines: z.array(engineInfoSchema).optional(),
  data: dataFingerprintSchema,
  status: z.enum(RUN_STATUSES),
  created: z.iso.datetime(),
  ended: z.iso.datetime().nullable(),
  error: errorInfoSchema.nullable(),
  /** Headline figures once the run has evaluated a phase: Ā and both forgettings by the host's classifier. */
  summary: z.strictObject({ averageAccuracy: z.number(), paperForgetting: z.number(), standardForgetting: z.number() }).nullable(),
  /** Checksum of the file; absent in those of earlier versions. */
  sha256: z.string().length(64).optional(),
});
export type RunFile = z.infer<typeof runFileSchema>;
