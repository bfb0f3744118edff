import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { importManifestSchema, type ImportManifest } from '../protocol/importManifest';
import type { DataSetName } from '../protocol/words';
import { parseJson } from '../store/parseJson';
import { readTextSync, SMALL_FILE } from '../store/readText';

/** In a set's folder; it is written last, so a folder that has it is complete. */
export const MANIFEST_FILE = 'data-set.json';

/**
 * Where imported data sets live, shared by all checkouts, the editor and the command line: `MNEMONICS_DATA`, else
 * `XDG_DATA_HOME/mnemonics-lab/data`, else `~/.local/share/mnemonics-lab/data`.
 */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['MNEMONICS_DATA']) return env['MNEMONICS_DATA'];
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'mnemonics-lab', 'data');
}

/** The folder of an imported data set; null where it was not imported. */
export function importedFolder(name: DataSetName, env: NodeJS.ProcessEnv = process.env): string | null {
  const folder = join(dataFolder(env), name);
  return existsSync(join(folder, MANIFEST_FILE)) ? folder : null;
}

/** What was noted when the data set in a folder was imported; null where none was, or where the note can't be read. */
export function readManifest(folder: string): ImportManifest | null {
  try {
    return importManifestSchema.parse(parseJson(readTextSync(join(folder, MANIFEST_FILE), SMALL_FILE)));
  } catch {
    return null;
  }
}
