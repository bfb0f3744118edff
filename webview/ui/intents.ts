import type { ErrorInfo } from '../../src/protocol/errors';
import type { Intent, IntentBody } from '../../src/protocol/childMessages';

/** Numbers intents and matches their replies. */
export interface Intents {
  /** The answer to come: null when the intent was carried out, else why not. */
  ask(body: IntentBody): Promise<ErrorInfo | null>;
  answer(id: number, error: ErrorInfo | null): void;
}

export function intents(send: (intent: Intent) => void): Intents {
  const pending = new Map<number, (error: ErrorInfo | null) => void>();
  let next = 1;
  return {
    ask(body) {
      const id = next++;
      return new Promise((resolve) => {
        pending.set(id, resolve);
        send({ ...body, id });
      });
    },
    answer(id, error) {
      pending.get(id)?.(error);
      pending.delete(id);
    },
  };
}
