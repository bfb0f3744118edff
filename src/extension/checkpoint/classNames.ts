/** Names of the classes by class index, from the metadata of an exemplar file; empty where it has none, and indexes are shown instead. */
export function classNamesOf({ classNames }: Readonly<Record<string, string>>): string[] {
  try {
    const names: unknown = JSON.parse(classNames ?? '[]');
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return []; // Another program wrote the file and means something else by the word.
  }
}
