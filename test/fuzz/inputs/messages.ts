import type { FuzzTarget } from '../target';
import { bytesOfText } from './bytes';
import { mutatedJson } from './json';

/** What a target gives to a reader of messages: JSON of good ones, and what becomes of it. */
export const messageInputs = (messages: () => readonly unknown[]): Pick<FuzzTarget, 'file' | 'seeds' | 'mutated'> => ({
  file: 'message.json',
  seeds: () => messages().map((message) => bytesOfText(JSON.stringify(message))),
  mutated: () => mutatedJson(messages()).map(bytesOfText),
});

/** Only JSON comes over a channel. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
