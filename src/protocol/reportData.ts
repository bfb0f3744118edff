import { z } from 'zod';
import { confusionSchema } from './evaluationFile';
import { eventSchema } from './events';

/** One run inside a self-contained report. Exemplar pixels are base64 of little-endian float32. */
export const reportRunSchema = z.strictObject({
  title: z.string(),
  events: z.array(eventSchema),
  /** Confusion matrices of phases, as many of the last ones as fit. */
  confusions: z.array(z.strictObject({ phase: z.int(), ...confusionSchema.shape })).default([]),
  exemplars: z.array(
    z.strictObject({
      phase: z.int(),
      height: z.int(),
      width: z.int(),
      channels: z.int(),
      classes: z.array(z.number()),
      before: z.string(),
      after: z.string(),
      mean: z.array(z.number()),
      std: z.array(z.number()),
    }),
  ),
});

/** What `report.html` holds as JSON in a script element of type application/json with this id. One run, or several compared. */
export const reportDataSchema = z.strictObject({ schemaVersion: z.literal(1), runs: z.array(reportRunSchema).min(1) });
export type ReportData = z.infer<typeof reportDataSchema>;
export const REPORT_DATA_ELEMENT_ID = 'mnemonics-report-data';
