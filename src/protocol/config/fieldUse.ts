import type { FieldMeta } from './field';

type Use = { readonly [K in 'hosts' | 'when' | 'replacedBy']?: FieldMeta[K] | null };

/**
 * Why a field does nothing with the other fields' values, in a sentence; null where it does something.
 * @param valueOf a field's value, its default where the file doesn't set it; undefined for neither
 * @param titleOf a field's title
 */
export function whyUnused(field: Use, valueOf: (name: string) => unknown, titleOf: (name: string) => string): string | null {
  const host = String(valueOf('host'));
  if (field.hosts && !field.hosts.includes(host)) return `Not used by the host ${host}.`;
  if (field.replacedBy && valueOf(field.replacedBy) !== undefined) return `“${titleOf(field.replacedBy)}” takes its place.`;
  const [other, values = []] = Object.entries(field.when ?? {}).find(([name, allowed]) => !allowed.includes(String(valueOf(name)))) ?? [];
  return other === undefined ? null : `Used where “${titleOf(other)}” is ${values.join(' or ')}.`;
}
