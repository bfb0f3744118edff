import { z } from 'zod';
import { LIVE_FIELDS } from './config';
import type { DistributiveOmit } from './distributiveOmit';
import { errorInfoSchema } from './errors';
import { eventSchema } from './events';

/** What the editor asks of the training process. Each is answered once, by `reply` with the same id, at the next step boundary. */
export const intentSchema = z.discriminatedUnion('intent', [
  z.strictObject({ id: z.int(), intent: z.literal('pause') }),
  z.strictObject({ id: z.int(), intent: z.literal('resume') }),
  z.strictObject({ id: z.int(), intent: z.literal('stop') }),
  z.strictObject({ id: z.int(), intent: z.literal('set'), field: z.enum(LIVE_FIELDS), value: z.number() }),
]);
export type Intent = z.infer<typeof intentSchema>;
/** An intent before its sender has numbered it. */
export type IntentBody = DistributiveOmit<Intent, 'id'>;

/** What the training process tells the editor over IPC. `seq` gaps of events can't occur on a channel; a reload reads the file. */
export const childMessageSchema = z.discriminatedUnion('type', [
  /** First message: the run folder exists and is locked by this process. */
  z.strictObject({ type: z.literal('opened'), runDir: z.string() }),
  z.strictObject({ type: z.literal('event'), event: eventSchema }),
  z.strictObject({ type: z.literal('reply'), id: z.int(), error: errorInfoSchema.nullable() }),
  /** The process is about to end because of this. */
  z.strictObject({ type: z.literal('fatal'), error: errorInfoSchema }),
]);
export type ChildMessage = z.infer<typeof childMessageSchema>;
