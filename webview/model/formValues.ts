import type { FromPanel } from '../../src/protocol/webviewMessages';
import type { FormField } from './formFields';

type FieldValue = Extract<FromPanel, { type: 'edit' }>['value'];

/** What a field's text means: undefined takes the field out of the file; what can't be read stays text, and the host says what is wrong with it. */
export function readValue(field: FormField, raw: string): FieldValue {
  const trimmed = raw.trim();
  if (trimmed === '') return undefined;
  switch (field.kind) {
    case 'number':
    case 'integer':
      return numberOr(trimmed);
    case 'list':
      return trimmed
        .split(/[\s,]+/)
        .filter((part) => part !== '')
        .map(numberOr);
    case 'boolean':
      return trimmed === 'true' ? true : trimmed === 'false' ? false : trimmed;
    case 'enum':
    case 'text':
      return trimmed;
    default:
      return unknownKind(field.kind);
  }
}

/** A value as the field shows it. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

/** `0 to 1`, `greater than 0, at most 10000`; null where anything goes. Limits that only guard against nonsense aren't worth a hint. */
export function rangeHint({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: FormField): string | null {
  const high = maximum !== null && maximum < 1000 ? maximum : null;
  if (minimum !== null && high !== null) return `${minimum} to ${high}`;
  const parts = [
    minimum !== null ? `≥ ${minimum}` : exclusiveMinimum !== null ? `> ${exclusiveMinimum}` : null,
    high !== null ? `≤ ${high}` : exclusiveMaximum !== null ? `< ${exclusiveMaximum}` : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(', ') : null;
}

/** True where every word of the search stands in the field's names, symbol, description or equation. */
export function matches(field: FormField, search: string): boolean {
  const hay = [field.name, field.title, field.symbol, field.description, field.group, field.equation && `eq. ${field.equation}`]
    .join(' ')
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

const numberOr = (part: string): number | string => (Number.isFinite(Number(part)) ? Number(part) : part);

function unknownKind(kind: never): never {
  throw new Error(`Unknown kind of field ${String(kind)}`);
}
