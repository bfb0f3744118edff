import { z } from 'zod';
import { engineInfoSchema } from './engineInfo';
import { errorInfoSchema } from './errors';

/** What a process that measures says: one JSON line each. It is ready once, and answers every line that it is sent with a repeat. */

/** It has warmed up. */
const readySchema = z.object({
  kind: z.literal('ready'),
  engine: engineInfoSchema,
  /** Images that one call works on; 0 where images don't count. */
  images: z.int().min(0),
  /** 10⁹ floating-point operations of one call, counted from the network's shapes; null where nobody has counted them. */
  gflop: z.number().positive().nullable(),
  /** 10⁹ bytes that a call's operations on elements move through memory; absent where nobody has counted them. */
  elementwiseGigabytes: z.number().positive().optional(),
});
export type Ready = Omit<z.infer<typeof readySchema>, 'kind'>;

/** One op of TensorFlow, by the shape of its largest argument or result: all its calls of a repeat. */
const opTimeSchema = z.object({ op: z.string(), shape: z.string(), calls: z.int().min(1), seconds: z.number().min(0) });
export type OpTime = z.infer<typeof opTimeSchema>;

/** As many calls in a row as take the asked time. */
const repeatSchema = z.object({
  kind: z.literal('repeat'),
  /** Mean of a call. */
  seconds: z.number().positive(),
  calls: z.int().min(1),
  /** The process's most resident memory so far. */
  peakMemoryMiB: z.number().positive(),
  /** Pages of memory that the system had to give anew, by call: what the allocator gives back and takes again. */
  pageFaults: z.number().min(0),
  /** What one batch of a run takes to prepare, which `seconds` leaves out; absent where a run prepares none. */
  preparationSeconds: z.number().positive().optional(),
  /** Where ops are timed one by one. */
  ops: z.array(opTimeSchema).optional(),
});
export type Repeat = Omit<z.infer<typeof repeatSchema>, 'kind'>;

export const benchMessageSchema = z.discriminatedUnion('kind', [
  readySchema,
  repeatSchema,
  z.object({ kind: z.literal('error'), error: errorInfoSchema }),
]);
export type BenchMessage = z.infer<typeof benchMessageSchema>;
