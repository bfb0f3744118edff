import { type ErrorInfo } from '../../protocol/errors';

/** The answer to an intent: a refusal is a result that is shown, not an exception. */
export type IntentResult = { readonly ok: true } | { readonly ok: false; readonly error: ErrorInfo };

/** Numbers questions and matches answers to them; nobody waits for ever. */
export class PendingIntents {
  private next = 1;
  private readonly waiting = new Map<number, (result: IntentResult) => void>();

  open(): { id: number; answered: Promise<IntentResult> } {
    const id = this.next++;
    return { id, answered: new Promise((resolve) => this.waiting.set(id, resolve)) };
  }

  answer(id: number, error: ErrorInfo | null): void {
    this.waiting.get(id)?.(error === null ? { ok: true } : { ok: false, error });
    this.waiting.delete(id);
  }

  /** Answers all that is still open, because nobody else will. */
  refuseAll(error: ErrorInfo): void {
    for (const id of [...this.waiting.keys()]) this.answer(id, error);
  }
}
