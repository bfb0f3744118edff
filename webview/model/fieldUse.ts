import type { FormField } from './formFields';
import { showValue } from './formValues';

/**
 * Why a field does nothing with the other fields' values, in a sentence; null where it does something.
 * @param valueOf a field's value, its default where the file doesn't set it; undefined for neither
 * @param titleOf a field's title
 */
export function whyUnused(field: FormField, valueOf: (name: string) => unknown, titleOf: (name: string) => string): string | null {
  const host = showValue(valueOf('host'));
  if (field.hosts && !field.hosts.includes(host)) return `Not used by the host ${host}.`;
  if (field.replacedBy !== null && valueOf(field.replacedBy) !== undefined) return `“${titleOf(field.replacedBy)}” takes its place.`;
  const [other, values = []] = Object.entries(field.when).find(([name, allowed]) => !allowed.includes(showValue(valueOf(name)))) ?? [];
  return other === undefined ? null : `Used where “${titleOf(other)}” is ${values.join(' or ')}.`;
}
