import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { Config } from '../protocol/config';
import { configError } from '../protocol/errors';
import { parseConfig } from '../protocol/parseConfig';
import { findDuplicateKey } from './findDuplicateKey';
import { systemCode } from './fileProblem';

export interface Experiment {
  readonly config: Config;
  /** Absolute folder of the file: where relative paths in it start. */
  readonly dir: string;
}

/**
 * Reads a `*.mnemonics.json` file (JSON with comments and trailing commas), applies settings of the command line and
 * resolves the result.
 * @param sets such as `lambda=0.7`; see `applySettings`
 * @throws LabError `config-invalid` naming the file, and line and column or field.
 */
export async function readExperiment(path: string, sets: readonly string[] = []): Promise<Experiment> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const problem =
      systemCode(error) === 'ENOENT'
        ? 'there is no such file; name an experiment file'
        : systemCode(error) === 'EISDIR'
          ? 'it is a folder; name an experiment file in it'
          : String(error);
    throw configError(`${path} can't be read: ${problem}.`, { cause: error });
  });
  const values = parseExperiment(text, path);
  // The file by itself first, so that a wrong setting isn't blamed on it.
  const config = parseConfig(values, path);
  const dir = dirname(resolve(path));
  if (sets.length === 0) return { config, dir };
  return { config: parseConfig(applySettings(values, sets), `${path} with the command line's settings`), dir };
}

/** The values of an experiment file as written, unchecked. @throws LabError `config-invalid` naming line and column of a mistake in the JSON. */
export function parseExperiment(text: string, path: string): unknown {
  // Editors of some systems put a byte order mark first.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const values: unknown = parse(json, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const before = json.slice(0, error.offset).split('\n');
    throw configError(
      `${path} is not JSON: ${sentence(error)} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}; correct it there.`,
    );
  }
  const duplicate = findDuplicateKey(json);
  if (duplicate)
    throw configError(
      `${path} sets "${duplicate.key}" twice, again at line ${duplicate.line}, column ${duplicate.column}; remove one of them.`,
    );
  return values;
}

/** `PropertyNameExpected` → `property name expected`. */
const sentence = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/(?!^)([A-Z])/g, ' $1')
    .toLowerCase();

/**
 * A copy of an experiment's values with settings like `lambda=0.7` or `alpha1Milestones=[10,20]` put in: the value is
 * JSON, or else the text itself. A field that doesn't exist is found when the result is parsed.
 * @throws LabError `config-invalid` where a setting has no `=`.
 */
export function applySettings(values: unknown, sets: readonly string[]): unknown {
  return sets.reduce<unknown>((result, set) => {
    const at = set.indexOf('=');
    if (at < 1) throw configError(`--set "${set}" is not of the form field=value, such as lambda=0.7; correct it.`);
    return put(result, set.slice(0, at).trim().split('.'), jsonOrText(set.slice(at + 1)));
  }, values);
}

function put(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(target) && /^\d{1,4}$/.test(key)) {
    const copy: unknown[] = [...target];
    copy[Number(key)] = put(copy[Number(key)], rest, value);
    return copy;
  }
  const fields = typeof target === 'object' && target !== null ? target : {};
  const old: unknown = Object.hasOwn(fields, key) ? Reflect.get(fields, key) : undefined;
  return { ...fields, [key]: put(old, rest, value) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
