import { applyEdits, modify, parse, type Edit } from 'jsonc-parser';
import { configSchema } from '../../protocol/config';
import { configError, toErrorInfo } from '../../protocol/errors';
import { configProblems, type FieldProblem } from '../../protocol/parseConfig';
import { parseExperiment } from '../../store/experimentFile';
import { removalEdits } from './fieldRemoval';

/** An experiment file as a person wrote it, defaults not filled in. */
export interface ExperimentText {
  readonly values: Record<string, unknown>;
  /** A problem of the whole file stands at field ''. */
  readonly problems: readonly FieldProblem[];
  /** False where the text is no JSON, so that an edit of a field could spoil it. */
  readonly editable: boolean;
}

/** @param name names the file in sentences about it. */
export function readExperimentText(text: string, name: string): ExperimentText {
  if (text.trim() === '') return { values: {}, problems: [], editable: true };
  try {
    const values = parseExperiment(text, name);
    return { values: asObject(values), problems: configProblems(values), editable: isObject(values) };
  } catch (error) {
    // What can be made out is still shown, so that a missing comma doesn't empty the form.
    return { values: asObject(parsedAnyway(text)), problems: [{ field: '', message: toErrorInfo(error).message }], editable: false };
  }
}

function parsedAnyway(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null; // So deep that the parser's stack does not hold it.
  }
}

const isObject = (value: unknown): value is object => value !== null && typeof value === 'object' && !Array.isArray(value);
const asObject = (value: unknown): Record<string, unknown> => (isObject(value) ? { ...value } : {});

/**
 * The smallest edits that give a field a value, or take it out where the value is undefined. Comments and layout of all other
 * lines stay.
 */
export function fieldEdits(text: string, field: string, value: unknown): Edit[] {
  if (!Object.hasOwn(configSchema.shape, field)) throw configError(`"${field}" is no field of an experiment; choose one of the panel's.`);
  if (value === undefined) return removalEdits(text, field);
  const tab = /^\t/m.test(text);
  const width = /^( +)"/m.exec(text)?.[1]?.length ?? 2;
  return modify(text, [field], value, {
    formattingOptions: { insertSpaces: !tab, tabSize: width, eol: text.includes('\r\n') ? '\r\n' : '\n' },
  });
}

/** A new experiment's text: `template` under another name, without the path to a schema, which is right beside the template only. */
export function fromTemplate(template: string, name: string): string {
  const unbound = applyEdits(template, fieldEdits(template, '$schema', undefined));
  return applyEdits(unbound, fieldEdits(unbound, 'name', name));
}

/** A preset's text under the name, and with the data folder and the link to a schema, of the text that it replaces. */
export function presetText(template: string, replaced: string, preset: string): string {
  const { values } = readExperimentText(replaced, preset);
  const named = fromTemplate(template, typeof values['name'] === 'string' ? values['name'] : preset);
  return ['dataPath', '$schema'].reduce((text, field) => {
    const value = values[field];
    return typeof value === 'string' ? applyEdits(text, fieldEdits(text, field, value)) : text;
  }, named);
}
