import { z } from 'zod';
import { intentSchema } from './childMessages';
import { configSchema } from './config';
import { errorInfoSchema } from './errors';
import { confusionSchema } from './evaluationFile';
import { eventSchema } from './events';
import { runPathSchema } from './ids';
import { bothClassifiersSchema } from './metrics';
import { PRESETS } from './presets';

/** Pixels of one phase's stored exemplars. Arrays are float32 in normalised pixels, [count, height, width, channels], row-major. */
export interface ExemplarPixels {
  readonly phase: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Class index of each exemplar. */
  readonly classes: readonly number[];
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** Mean and standard deviation per channel that turn normalised pixels back into [0, 1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}
const numbers = z.array(z.number());
export const exemplarPixelsSchema: z.ZodType<ExemplarPixels> = z.strictObject({
  phase: z.int().min(0),
  height: z.int().min(1),
  width: z.int().min(1),
  channels: z.int().min(1),
  classes: numbers,
  before: z.instanceof(Float32Array),
  after: z.instanceof(Float32Array),
  mean: numbers,
  std: numbers,
});

/** Is the run's process alive, and is it this window's? Only then can it be paused, resumed and stopped from here. */
const ownershipSchema = z.enum(['live', 'elsewhere', 'ended']);

// ---- Dashboard ----

export const toDashboardSchema = z.discriminatedUnion('type', [
  /** The whole history; replaces what the page has of this run. Sent in answer to `ready` and whenever a page asks again. */
  z.strictObject({ type: z.literal('snapshot'), events: z.array(eventSchema), ownership: ownershipSchema, runDir: z.string() }),
  /** The next events, in order. A page that sees a gap in `seq` sends `ready` again. */
  z.strictObject({ type: z.literal('events'), events: z.array(eventSchema) }),
  z.strictObject({ type: z.literal('ownership'), ownership: ownershipSchema }),
  z.strictObject({
    type: z.literal('exemplars'),
    phase: z.int(),
    pixels: exemplarPixelsSchema.nullable(),
    error: errorInfoSchema.nullable(),
  }),
  z.strictObject({
    type: z.literal('confusion'),
    phase: z.int(),
    confusion: confusionSchema.nullable(),
    error: errorInfoSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('reply'), id: z.int(), error: errorInfoSchema.nullable() }),
]);
export type ToDashboard = z.infer<typeof toDashboardSchema>;

export const fromDashboardSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('get-exemplars'), phase: z.int().min(0) }),
  /** With the metrics that the log has of the phase: a file with others is not the run's. */
  z.strictObject({ type: z.literal('get-confusion'), phase: z.int().min(0), metrics: bothClassifiersSchema }),
  z.strictObject({ type: z.literal('intent'), intent: intentSchema }),
  z.strictObject({ type: z.literal('open-checkpoint'), path: runPathSchema }),
  z.strictObject({ type: z.literal('command'), command: z.enum(['show-log', 'save-report', 'resume-run', 'start-run']) }),
]);
export type FromDashboard = z.infer<typeof fromDashboardSchema>;

// ---- Side panel: the form of an experiment file ----

const fieldValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const toPanelSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('snapshot'),
    /** JSON Schema of the config, with title, symbol, equation, unit, group and live of each field. */
    schema: z.record(z.string(), z.unknown()),
    /** The experiment file shown, as written (defaults not filled in); null where the workspace has none. */
    file: z.strictObject({ path: z.string(), name: z.string(), values: z.record(z.string(), z.unknown()) }).nullable(),
    files: z.array(z.strictObject({ path: z.string(), name: z.string() })),
    defaults: configSchema,
    problems: z.array(z.strictObject({ field: z.string(), message: z.string() })),
    /** Config of the running run of this window, to which live fields can be applied; null where none runs. */
    running: configSchema.nullable(),
    trusted: z.boolean(),
  }),
  z.strictObject({ type: z.literal('reply'), id: z.int(), error: errorInfoSchema.nullable() }),
]);
export type ToPanel = z.infer<typeof toPanelSchema>;

export const fromPanelSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  /** Writes one field of the file; undefined takes it out, so that its default holds. Undo is the editor's own. */
  z.strictObject({ type: z.literal('edit'), field: z.string(), value: z.union([fieldValueSchema, z.array(fieldValueSchema)]).optional() }),
  z.strictObject({ type: z.literal('choose-file'), path: z.string() }),
  z.strictObject({ type: z.literal('start') }),
  z.strictObject({ type: z.literal('create-demo') }),
  /** Puts a preset's settings in the place of the file's. */
  z.strictObject({ type: z.literal('apply-preset'), preset: z.enum(PRESETS) }),
  z.strictObject({ type: z.literal('open-file') }),
  z.strictObject({ type: z.literal('intent'), intent: intentSchema }),
]);
export type FromPanel = z.infer<typeof fromPanelSchema>;

// ---- Checkpoint editor ----

const tensorEntrySchema = z.strictObject({ name: z.string(), dtype: z.string(), shape: z.array(z.int()), bytes: z.number() });
export type TensorEntry = z.infer<typeof tensorEntrySchema>;

/** Over all elements; NaN and infinities are counted and left out of the rest. `histogram` has equal bins from min to max. */
export const tensorStatisticsSchema = z.strictObject({
  name: z.string(),
  count: z.int(),
  notFinite: z.int(),
  zeros: z.int(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  standardDeviation: z.number().nullable(),
  histogram: z.array(z.int()),
});
export type TensorStatistics = z.infer<typeof tensorStatisticsSchema>;

export const toCheckpointSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('snapshot'),
    fileName: z.string(),
    fileBytes: z.number(),
    metadata: z.record(z.string(), z.string()),
    tensors: z.array(tensorEntrySchema),
    /** True where the file has before, after, classes: it opens as the before/after grid. */
    isExemplarFile: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('statistics'),
    name: z.string(),
    statistics: tensorStatisticsSchema.nullable(),
    error: errorInfoSchema.nullable(),
  }),
  z.strictObject({
    type: z.literal('exemplars'),
    pixels: exemplarPixelsSchema.nullable(),
    classNames: z.array(z.string()),
    error: errorInfoSchema.nullable(),
  }),
  /** The file is as its checksum says, or what is wrong with it. */
  z.strictObject({ type: z.literal('checked'), error: errorInfoSchema.nullable() }),
  z.strictObject({ type: z.literal('failed'), error: errorInfoSchema }),
]);
export type ToCheckpoint = z.infer<typeof toCheckpointSchema>;

export const fromCheckpointSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('get-statistics'), name: z.string() }),
  z.strictObject({ type: z.literal('get-exemplars') }),
  /** Asked where the metadata has a checksum. */
  z.strictObject({ type: z.literal('check') }),
]);
export type FromCheckpoint = z.infer<typeof fromCheckpointSchema>;
