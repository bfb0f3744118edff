/**
 * Version of everything written to disk or sent between processes. A reader accepts this and older ones, and refuses newer ones by
 * name. There has been one so far; the next must go on reading files of this one, by a step from it that stands here.
 */
export const SCHEMA_VERSION = 1;

/**
 * What is to be said of a value that a newer version wrote, as the end of a sentence that begins with what the value is; null
 * where it is none. In the metadata of safetensors numbers are text.
 */
export function newerVersion(value: unknown): string | null {
  const version: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'schemaVersion') : undefined;
  const number = typeof version === 'string' && /^\d{1,15}$/.test(version) ? Number(version) : version;
  if (typeof number !== 'number' || !(number > SCHEMA_VERSION)) return null;
  return `was written by a newer Mnemonics Lab (schemaVersion ${number}, known here up to ${SCHEMA_VERSION}); update Mnemonics Lab to open it`;
}
