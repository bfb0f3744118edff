import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where installed engines live: outside any checkout, shared by the editor and the command line. */
export function enginesFolder(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['MNEMONICS_CACHE'] || env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'mnemonics-lab', 'engines');
}
