import { z } from 'zod';
import { UNPRINTABLE } from './unprintable';

/** Exit codes of the command line and of the training process (0 is success). */
export const EXIT = { config: 2, data: 3, engine: 4, run: 5, stopped: 130, internal: 1 } as const;

export const ERROR_CODES = [
  'config-invalid',
  'data-invalid',
  'engine-unavailable',
  'run-folder',
  'other-engine',
  'not-possible-now',
  'training-diverged',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** How an error crosses a process boundary: one sentence that names the thing and the remedy. */
export const errorInfoSchema = z.strictObject({ code: z.enum(ERROR_CODES), message: z.string(), exitCode: z.int() });
export type ErrorInfo = z.infer<typeof errorInfoSchema>;

const MOST_CHARACTERS = 1500;
const KEPT = { first: 1000, last: 450 };

/**
 * A message as one line of bounded length that changes nothing about what shows it: names in it may come from files of unknown origin. Line
 * ends become spaces, other control characters and what turns the direction of writing a replacement mark; of a long one the middle is left out.
 */
function oneLine(message: string): string {
  const line = message.trim().replace(/\s*[\n\r\u2028\u2029]\s*/g, ' ');
  const short = line.length > MOST_CHARACTERS ? `${line.slice(0, KEPT.first)} … ${line.slice(-KEPT.last)}` : line;
  return short.replace(new RegExp(UNPRINTABLE, 'gu'), '\ufffd');
}

/** A failure that a person can act upon. Its message is one sentence saying what is wrong and what to do; it is shown without a stack trace. */
export class LabError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly exitCode: number,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(oneLine(message), options);
    this.name = 'LabError';
  }

  toInfo(): ErrorInfo {
    return { code: this.code, message: this.message, exitCode: this.exitCode };
  }
}

type Options = { cause?: unknown };

/** The config or the call is wrong: names the field or argument. Exit 2. */
export const configError = (message: string, options?: Options) => new LabError('config-invalid', EXIT.config, message, options);
/** The data is missing or wrong: names the file. Exit 3. */
export const dataError = (message: string, options?: Options) => new LabError('data-invalid', EXIT.data, message, options);
/** An engine can't load or run: names the engine. Exit 4. */
export const engineError = (message: string, options?: Options) => new LabError('engine-unavailable', EXIT.engine, message, options);
/** A loss or gradient is no longer a number: names phase, stage, step and what to lower. Exit 2: the config is to be changed. */
export const divergedError = (message: string) => new LabError('training-diverged', EXIT.config, message);
/** The run folder or a file in it is wrong or in use: names it. Exit 5. */
export const runError = (message: string, options?: Options) => new LabError('run-folder', EXIT.run, message, options);
/** A run can't go on with the engine that it has had: names the difference. It can with another one, where that is allowed. */
export const otherEngineError = (message: string, exitCode: number, options?: Options) =>
  new LabError('other-engine', exitCode, message, options);
/** An intent that can't be carried out in the state the run is in, such as resuming a run that isn't paused. Exit 5. */
export const notNowError = (message: string) => new LabError('not-possible-now', EXIT.run, message);

/** How JavaScript, WebAssembly and TensorFlow say that they got no memory. */
const MEMORY = /\b(allocation failed|out of memory|OOM|cannot allocate|could not allocate|bad_alloc|ENOMEM)\b/i;
const memoryError = (reason: string) =>
  engineError(
    `Memory ran out (${oneLine(reason)}): close other programs, then resume the run, or start it with a smaller "batchSize" and "mnemonicsBatchSize".`,
  );

/** Anything thrown, as something to show: a LabError as it is, everything else as an internal error with its message. */
export function toErrorInfo(error: unknown): ErrorInfo {
  if (error instanceof LabError) return error.toInfo();
  const message = error instanceof Error ? error.message : String(error);
  if (MEMORY.test(message)) return memoryError(message).toInfo();
  return {
    code: 'internal',
    message: `Internal error: ${oneLine(message)}. This is a defect: please report it; with MNEMONICS_DEBUG=1 it says where it happened`,
    exitCode: EXIT.internal,
  };
}
