import { z } from 'zod';
import { configSchema, type Config, type ConfigField } from './config';
import { configError } from './errors';
import { newerVersion } from './schemaVersion';

/** A value's problem, tied to the field it stands in, so that a panel can show it there. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** The draft-07 JSON Schema of an experiment file, generated from the one zod schema. */
export function configJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }) };
}

/** Every problem of a config, in sentences that follow the field's name. Empty where the config is good. */
export function configProblems(input: unknown): FieldProblem[] {
  const result = configSchema.safeParse(input);
  if (result.success) return [];
  return problemsOfAll(result.error, input);
}

/**
 * A resolved config from what a person wrote.
 * @throws LabError `config-invalid` naming each wrong field and what it may be.
 */
export function parseConfig(input: unknown, source = 'The experiment'): Config {
  const result = configSchema.safeParse(input);
  if (result.success) return withoutNegativeZero(result.data);
  const problems = problemsOfAll(result.error, input);
  const text = problems.slice(0, MOST_SHOWN).map((p) => (p.field ? `"${p.field}" ${p.message}` : p.message));
  const more = problems.length > MOST_SHOWN ? `; and ${problems.length - MOST_SHOWN} more` : '';
  throw configError(`${source} can't be used: ${text.join('; ')}${more}.`);
}

/** JSON can say −0 but a run's file can't: a resumed run shall have the very numbers of the one that began. */
const withoutNegativeZero = (config: Config): Config => {
  const plain = (value: unknown): unknown => (Array.isArray(value) ? value.map(plain) : value === 0 ? 0 : value);
  return Object.fromEntries(Object.entries(config).map(([field, value]) => [field, plain(value)])) as Config;
};

/** Problems in a message; a panel shows the others at their fields. */
const MOST_SHOWN = 8;
/** Problems that are looked at: a file that isn't an experiment may have a hundred thousand. */
const MOST_PROBLEMS = 100;

const problemsOfAll = (error: z.ZodError, input: unknown): FieldProblem[] =>
  error.issues
    .slice(0, MOST_PROBLEMS)
    // A whole number has two limits, its field's and that of whole numbers; the field's comes last.
    .filter((issue, i, issues) => !issue.code.startsWith('too_') || !issues.slice(i + 1).some((later) => isOfSameField(issue, later)))
    .flatMap((issue) => problemsOf(issue, input));

const isOfSameField = (a: z.core.$ZodIssue, b: z.core.$ZodIssue): boolean =>
  a.code === b.code && a.path.length > 0 && a.path.join('\0') === b.path.join('\0');

function problemsOf(issue: z.core.$ZodIssue, input: unknown): FieldProblem[] {
  const field = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_PROBLEMS).map((key) => ({
      field: key,
      message: `is not a field of an experiment${suggestion(key)}; remove it or correct its name`,
    }));
  }
  const newer = field === 'schemaVersion' ? newerVersion(input) : null;
  if (newer) return [{ field, message: `says that it ${newer}` }];
  if (field === '') return [{ field, message: 'it must be a JSON object with the fields of an experiment' }];
  return [{ field, message: `${expectation(issue)} (it is ${shown(valueAt(input, issue.path))})` }];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected === 'int' ? 'whole number' : issue.expected)}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'greater than'} ${String(issue.minimum)}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${String(issue.maximum)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((v) => String(v)).join(', ')}`;
    default:
      return issue.message;
  }
}

const article = (word: string) => `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input;
  for (const key of path) value = value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;
  return value;
}

function shown(value: unknown): string {
  const plain = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  const text = value === undefined ? 'missing' : plain;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The known field that differs from a mistyped one by little, as a hint. */
function suggestion(key: string): string {
  const known = Object.keys(configSchema.shape) as ConfigField[];
  const lower = key.toLowerCase();
  const near = known.find((name) => name.toLowerCase() === lower || editDistance(name.toLowerCase(), lower) <= 2);
  return near ? ` (did you mean "${near}"?)` : '';
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || b.length > 60) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 3;
}
