import { configSchema, fieldMeta, LIVE_FIELDS, type Config, type ConfigField, type LiveField } from './config';
import { whyUnused } from './config/fieldUse';
import { configError } from './errors';
import { configProblems } from './parseConfig';

/** A change of a running run, to be applied between two steps. */
export interface LiveChange {
  readonly field: LiveField;
  readonly value: number;
}

/**
 * A change that the field's schema accepts.
 * @throws LabError `config-invalid` naming the field and what is wrong: no field, not live, or a value it can't have
 */
export function parseLiveChange(name: string, value: unknown): LiveChange {
  const field = LIVE_FIELDS.find((live) => live === name);
  if (field === undefined) {
    const known = Object.hasOwn(configSchema.shape, name);
    throw configError(
      `"${name}" ${known ? "can't change while a run goes on" : 'is not a field of an experiment'}; these can: ${LIVE_FIELDS.join(', ')}.`,
    );
  }
  const [problem] = configProblems({ [field]: value });
  if (problem || typeof value !== 'number')
    throw configError(`"${field}" can't be set to ${String(value)}: it ${problem?.message ?? 'must be a number'}.`);
  return { field, value };
}

/** Why a field does nothing in a run of this config, in a sentence; null where it does something. */
export function whyIdle(field: LiveField, config: Config): string | null {
  const valueOf = (name: string): unknown => Reflect.get(config, name);
  return whyUnused(fieldMeta(field) ?? {}, valueOf, (name) => fieldMeta(name as ConfigField)?.title ?? name);
}

/** How a field is called where there is little room: its symbol, else its title. */
export const shortName = (field: LiveField): string => fieldMeta(field)?.symbol ?? fieldMeta(field)?.title ?? field;

/** A change as it is shown where it happened: `λ: 1 → 0.7`. */
export const changeText = ({ field, previous, value }: LiveChange & { readonly previous: number }): string =>
  `${shortName(field)}: ${previous} → ${value}`;
