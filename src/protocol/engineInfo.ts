import { z } from 'zod';
import { ENGINES } from './words';

/** What executed the tensors of a run, written to run.json so that a rerun can be compared. */
export const engineInfoSchema = z.strictObject({
  engine: z.enum(ENGINES),
  /** Why this one was chosen, as a sentence for people. */
  reason: z.string(),
  versions: z.record(z.string(), z.string()),
  /** `CPU`, or the GPU's name. */
  device: z.string(),
  threads: z.int().min(1),
  /** What else the engine was told that speed and last bits depend on, by name. Runs of earlier versions don't say. */
  settings: z.record(z.string(), z.string()).optional(),
});
/** The native engine's setting `convolutions` where they are TensorFlow's own. */
export const STOCK_CONVOLUTIONS = "TensorFlow's";
export type EngineInfo = z.infer<typeof engineInfoSchema>;
