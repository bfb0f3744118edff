import { setImmediate as turn } from 'node:timers/promises';
import { EXIT, LabError, type ErrorCode } from '../../src/protocol/errors';
import { growth, memory } from './memory';
import type { Sandbox } from './sandbox';
import type { Finding, FuzzTarget } from './target';

/** Processor time that one input may take. Not the clock's: the machine may be busy with something else. */
const MOST_SECONDS = 2;
/** A reader that waits for something that never comes takes no processor time. */
const ANSWER_MS = 10_000;
const LEAST_MEMORY = 64 * 2 ** 20;
const LONGEST_MESSAGE = 2000;

const EXIT_OF: Partial<Record<ErrorCode, number>> = {
  'config-invalid': EXIT.config,
  'data-invalid': EXIT.data,
  'engine-unavailable': EXIT.engine,
  'run-folder': EXIT.run,
};

/** Gives a target one input and looks at all that may not happen. @returns null where nothing did */
export async function examine(target: FuzzTarget, sandbox: Sandbox, input: Uint8Array, mustBeRead = false): Promise<Finding | null> {
  sandbox.put(input);
  const before = memory();
  const cpu = process.cpuUsage();
  const outcome = await outcomeOf(target, sandbox.folder, input);
  const { user, system } = process.cpuUsage(cpu);
  const grown = growth(before, memory());
  const left = sandbox.changes().filter((path) => 'error' in outcome || !target.leaves?.test(path));
  const seconds = (user + system) / 1e6;
  const allowed = Math.max(LEAST_MEMORY, 2 * input.byteLength);
  if (outcome === NO_ANSWER) return { property: 'answer', message: `the reader gave no answer within ${ANSWER_MS / 1000} s` };
  const polluted = pollution();
  if (polluted) return { property: 'prototype', message: polluted };
  if (left.length > 0) return { property: 'files', message: `the reader left ${left.slice(0, 5).join(', ')}` };
  if (seconds > MOST_SECONDS) return { property: 'time', message: `the reader took ${seconds.toFixed(1)} s of processor time` };
  if (grown > allowed)
    return {
      property: 'memory',
      message: `the reader took ${mib(grown)} MiB for ${input.byteLength} bytes, where ${mib(allowed)} MiB are allowed`,
    };
  if (!('error' in outcome)) {
    const strange = strangePrototype(outcome.value);
    return strange === null ? null : { property: 'prototype', message: strange };
  }
  if (mustBeRead) return { property: 'seed', message: `a good input is refused: ${String(outcome.error)}` };
  const wrong = wrongError(outcome.error, target.codes);
  return wrong === null ? null : { property: 'error', message: wrong };
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const NO_ANSWER = { value: undefined };

async function outcomeOf(target: FuzzTarget, folder: string, input: Uint8Array): Promise<{ value: unknown } | { error: unknown }> {
  try {
    const value = target.read(folder, input);
    if (!(value instanceof Promise)) return { value };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<typeof NO_ANSWER>((resolve) => (timer = setTimeout(() => resolve(NO_ANSWER), ANSWER_MS)));
    const outcome = await Promise.race([value.then((result: unknown) => ({ value: result })), late]);
    clearTimeout(timer);
    return outcome;
  } catch (error) {
    return { error };
  } finally {
    // What fails without anybody waiting for it fails here, not during the next input.
    await turn();
  }
}

/** What is wrong with an error as a person meets it; null for a named one with one sentence that ends with what to do. */
function wrongError(error: unknown, codes: readonly ErrorCode[]): string | null {
  if (!(error instanceof LabError)) return `not a named error: ${error instanceof Error ? error.stack : String(error)}`;
  const { code, exitCode, message } = error;
  const shown = message.slice(0, 300);
  if (!codes.includes(code)) return `the error has the code ${code} instead of ${codes.join(' or ')}: ${shown}`;
  if (exitCode !== EXIT_OF[code]) return `the error has the exit code ${exitCode}, not that of ${code}: ${shown}`;
  if (message.length > LONGEST_MESSAGE) return `the message has ${message.length} characters: ${shown}…`;
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(message))
    return `the message has control characters: ${JSON.stringify(shown)}`;
  if (/\n|^\s+at .*:\d+:\d+/m.test(message)) return `the message has a stack: ${shown}`;
  return /(;|, so| must be | is not a field ).+\.\)?$/.test(message) ? null : `the message is no sentence with a remedy: ${shown}`;
}

const BUILT_IN = [Object, Array, Function, String, Number, Boolean, Map, Set, Promise, Error, Uint8Array, Float32Array].map((type) => {
  const prototype: object = type.prototype as object;
  return { name: type.name, prototype, keys: fingerprint(prototype) };
});

function fingerprint(prototype: object): string {
  return Reflect.ownKeys(prototype).map(String).join();
}

/** Has something been put on a prototype that everything shares? Takes it off again, so that the next input begins clean. */
function pollution(): string | null {
  const changed = BUILT_IN.find(({ prototype, keys }) => fingerprint(prototype) !== keys);
  if (!changed) return null;
  const strange = Reflect.ownKeys(changed.prototype).filter((key) => !changed.keys.split(',').includes(String(key)));
  for (const key of strange) Reflect.deleteProperty(changed.prototype, key);
  return `${changed.name}.prototype has got ${strange.map(String).join(', ') || 'fewer members'}`;
}

/** An input that brings a prototype of its own (`__proto__` as a name) makes fields appear that nobody checked. */
function strangePrototype(value: unknown, depth = 0): string | null {
  if (typeof value !== 'object' || value === null || depth > 6 || ArrayBuffer.isView(value)) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && !Object.hasOwn(prototype as object, 'constructor'))
    return `an object of the result has the prototype ${JSON.stringify(prototype).slice(0, 100)}`;
  const inner = value instanceof Map ? [...value.values()] : Object.values(value);
  for (const each of inner.slice(0, 50)) {
    const strange = strangePrototype(each, depth + 1);
    if (strange) return strange;
  }
  return null;
}
