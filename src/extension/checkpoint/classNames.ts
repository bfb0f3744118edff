import { parseJson } from '../../store/parseJson';

/** Names of the classes by class index, from the metadata of an exemplar file; empty where it has none, and indexes are shown instead. */
export function classNamesOf({ classNames }: Readonly<Record<string, string>>): string[] {
  try {
    const names: unknown = parseJson(classNames ?? '[]');
    return Array.isArray(names) ? names.map((name) => (typeof name === 'string' ? name : JSON.stringify(name))) : [];
  } catch {
    return []; // Another program wrote the file and means something else by the word.
  }
}
