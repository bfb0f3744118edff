import { FIELD_GROUPS, type FieldGroup } from '../../src/protocol/config';

/** A field of the form, read from the config's JSON Schema. */
export interface FormField {
  readonly name: string;
  readonly title: string;
  readonly symbol: string | null;
  readonly equation: string | null;
  readonly unit: string | null;
  readonly group: FieldGroup;
  readonly description: string;
  readonly live: boolean;
  /** Hosts in which it does something; null for all. */
  readonly hosts: readonly string[] | null;
  /** Values of other fields with which it does something. */
  readonly when: Readonly<Record<string, readonly string[]>>;
  /** A field that takes its place where set. */
  readonly replacedBy: string | null;
  readonly kind: 'number' | 'integer' | 'boolean' | 'enum' | 'text' | 'list';
  readonly options: readonly string[];
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly exclusiveMinimum: number | null;
  readonly exclusiveMaximum: number | null;
  /** Undefined where leaving the field out means something of its own (such as "all images"). */
  readonly defaultValue: unknown;
}

/** The form of a schema: a field per property that has a title and a known group, in the schema's order within the groups'. */
export function formFields(schema: Readonly<Record<string, unknown>>): { group: FieldGroup; fields: FormField[] }[] {
  const fields = Object.entries(record(schema['properties'])).flatMap(([name, property]) => fieldOf(name, record(property)));
  return FIELD_GROUPS.map((group) => ({ group, fields: fields.filter((f) => f.group === group) })).filter(
    ({ fields: own }) => own.length > 0,
  );
}

function fieldOf(name: string, property: Record<string, unknown>): FormField[] {
  const group = FIELD_GROUPS.find((g) => g === property['group']);
  const title = text(property['title']);
  if (group === undefined || title === null) return [];
  return [
    {
      name,
      title,
      group,
      symbol: text(property['symbol']),
      equation: text(property['equation']),
      unit: text(property['unit']),
      description: text(property['description']) ?? '',
      live: property['live'] === true,
      hosts: Array.isArray(property['hosts']) ? property['hosts'].map(String) : null,
      when: Object.fromEntries(Object.entries(record(property['when'])).map(([other, values]) => [other, strings(values)])),
      replacedBy: text(property['replacedBy']),
      kind: kindOf(property),
      options: property['type'] === 'boolean' ? ['true', 'false'] : strings(property['enum']),
      minimum: numeric(property['minimum']),
      maximum: numeric(property['maximum']),
      exclusiveMinimum: numeric(property['exclusiveMinimum']),
      exclusiveMaximum: numeric(property['exclusiveMaximum']),
      defaultValue: property['default'],
    },
  ];
}

function kindOf(property: Record<string, unknown>): FormField['kind'] {
  if (Array.isArray(property['enum'])) return 'enum';
  switch (property['type']) {
    case 'number':
      return 'number';
    case 'integer':
      return 'integer';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    default:
      return 'text';
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const numeric = (value: unknown): number | null => (typeof value === 'number' ? value : null);
