import { dirname, resolve } from 'node:path';
import { createScanner, parse, printParseErrorCode, visit, type ParseError } from 'jsonc-parser';
import type { Config } from '../protocol/config';
import { configError } from '../protocol/errors';
import { parseConfig } from '../protocol/parseConfig';
import { findDuplicateKey } from './findDuplicateKey';
import { systemCode } from './fileProblem';
import { MOST_LEVELS, parseJson } from './parseJson';
import { readText, SMALL_FILE } from './readText';

/** Names in the path of a `--set`. */
const MOST_NAMES = 10;

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
  const text = await readText(path, SMALL_FILE).catch((error: unknown) => {
    const problem =
      systemCode(error) === 'ENOENT'
        ? 'there is no such file; name an experiment file'
        : systemCode(error) === 'EISDIR'
          ? 'it is a folder; name an experiment file in it'
          : error instanceof Error
            ? error.message
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
  if (levelsOf(json) > MOST_LEVELS)
    throw configError(`${path} has more than ${MOST_LEVELS} levels of lists and objects in each other; write the fields of an experiment.`);
  const errors: ParseError[] = [];
  const values: unknown = parse(json, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const before = json.slice(0, error.offset).split('\n');
    throw configError(
      `${path} is not JSON: ${sentence(error)} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}; correct it there.`,
    );
  }
  const prototype = prototypeIn(json);
  if (prototype)
    throw configError(`${path} has the name "__proto__" at line ${prototype.line}, column ${prototype.column}; remove it or correct it.`);
  const duplicate = findDuplicateKey(json);
  if (duplicate)
    throw configError(
      `${path} sets "${duplicate.key}" twice, again at line ${duplicate.line}, column ${duplicate.column}; remove one of them.`,
    );
  return values;
}

/** How deep the lists and objects of a text with comments are in each other, whether it is well formed or not. */
function levelsOf(json: string): number {
  const scanner = createScanner(json, true);
  let [level, deepest] = [0, 0];
  for (scanner.scan(); scanner.getTokenOffset() < json.length; scanner.scan()) {
    const first = json[scanner.getTokenOffset()];
    if (first === '{' || first === '[') deepest = Math.max(deepest, ++level);
    else if (first === '}' || first === ']') level--;
  }
  return deepest;
}

/** Where a text has the name `__proto__`, which would give an object fields that nobody sees in it; null where it hasn't. */
function prototypeIn(json: string): { line: number; column: number } | null {
  let found: { line: number; column: number } | null = null;
  visit(json, {
    onObjectProperty: (name, _offset, _length, line, character) => {
      if (name === '__proto__') found ??= { line: line + 1, column: character + 1 };
    },
  });
  return found;
}

/** `PropertyNameExpected` → `property name expected`. */
const sentence = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/(?!^)([A-Z])/g, ' $1')
    .toLowerCase();

/**
 * A copy of an experiment's values with settings like `lambda=0.7` or `alpha1Milestones=[10,20]` put in: the value is
 * JSON, or else the text itself. A field that doesn't exist is found when the result is parsed.
 * @throws LabError `config-invalid` where a setting has no `=`, or a name that no field can have.
 */
export function applySettings(values: unknown, sets: readonly string[]): unknown {
  return sets.reduce<unknown>((result, set) => {
    const at = set.indexOf('=');
    if (at < 1) throw configError(`--set "${set}" is not of the form field=value, such as lambda=0.7; correct it.`);
    const names = set.slice(0, at).trim().split('.');
    if (names.length > MOST_NAMES) throw configError(`--set "${set}" names no field of an experiment; correct it.`);
    return put(result, names, jsonOrText(set.slice(at + 1)));
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
    return parseJson(text);
  } catch {
    return text;
  }
}
