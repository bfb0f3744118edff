import { intentSchema, type ChildMessage, type Intent } from '../protocol/childMessages';
import { configError, EXIT, toErrorInfo } from '../protocol/errors';
import type { RunControl } from './runControl';

/** How long a step may take after the parent is gone before the process ends without a resume point of its own. */
const ORPHAN_LIMIT_MS = 15_000;

/**
 * Connects a run with the editor that forked this process: intents come in, each is answered, events go out. Where the
 * editor is gone the run stops at the next step with a resume point; no orphan goes on.
 * @returns how to tell the editor something; a message after its end is dropped
 */
export function connectParent(control: RunControl): (message: ChildMessage) => void {
  const send = (message: ChildMessage): void => {
    // The callback takes the error of a channel that closes while it is written to: 'disconnect' follows and is answered.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  process.on('message', (raw) => {
    const parsed = intentSchema.safeParse(raw);
    if (!parsed.success) return refuse(raw, send);
    const { id } = parsed.data;
    carryOut(control, parsed.data).then(
      () => send({ type: 'reply', id, error: null }),
      (error: unknown) => send({ type: 'reply', id, error: toErrorInfo(error) }),
    );
  });
  const parentGone = () => {
    control.stop().catch(() => undefined);
    setTimeout(() => process.exit(EXIT.stopped), ORPHAN_LIMIT_MS).unref();
  };
  process.on('disconnect', parentGone);
  // It may have gone before anybody listened, and says so only once.
  if (!process.connected) parentGone();
  return send;
}

/** Every request is answered: one that isn't an intent is refused by its number, where it has one. */
function refuse(raw: unknown, send: (message: ChildMessage) => void): void {
  const id: unknown = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  if (Number.isInteger(id))
    send({ type: 'reply', id: Number(id), error: configError('That is not something a run can be asked for.').toInfo() });
}

function carryOut(control: RunControl, intent: Intent): Promise<void> {
  switch (intent.intent) {
    case 'pause':
      return control.pause();
    case 'resume':
      return control.resume();
    case 'stop':
      return control.stop();
    case 'set':
      return control.set(intent.field, intent.value);
    default: {
      const never: never = intent;
      return Promise.reject(new Error(`Unhandled intent ${JSON.stringify(never)}`));
    }
  }
}
