import { type z } from 'zod';
import { runError, type LabError } from '../protocol/errors';
import { newerVersion } from '../protocol/schemaVersion';
import { parseJson } from './parseJson';

/**
 * Parses one JSON value of a run folder with its schema.
 * @param place what the value is, for the message: a file, or a file and line
 * @param mostValues numbers, words, lists and objects that it may hold; absent: more than any but matrices have
 * @throws LabError `run-folder`: not JSON, written by a newer version, or not what the schema says.
 */
export function parseFileText<T>(text: string, schema: z.ZodType<T>, place: string, mostValues?: number): T {
  let value: unknown;
  try {
    value = parseJson(text, mostValues);
  } catch (cause) {
    throw damaged(place, (cause as Error).message, cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const newer = newerVersion(value);
  if (newer) throw runError(`${place} ${newer}.`);
  const [issue] = result.error.issues;
  const field = issue?.path.map(String).join('.');
  throw damaged(place, `${field ? `"${field}": ` : ''}${issue?.message ?? 'it has the wrong form'}`, result.error);
}

const damaged = (place: string, problem: string, cause: unknown): LabError =>
  runError(`${place} can't be used: ${problem}; the run folder is damaged, so restore it from a copy or run the experiment again.`, {
    cause,
  });
