import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runIdSchema, type RunId } from '../protocol/ids';

/** `<name>-<yyyymmdd-hhmmss>` in local time, with a name that is a safe folder name everywhere. */
export function newRunId(name: string, now: Date): RunId {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return runIdSchema.parse(`${slug || 'run'}-${day}-${time}`);
}

/** A folder for a new run that doesn't exist yet: `<runsDir>/<id>`, with `-2`, `-3` … where the id is taken. */
export function freeRunDir(runsDir: string, name: string, now: Date): string {
  const first = join(runsDir, newRunId(name, now));
  let dir = first;
  for (let i = 2; existsSync(dir); i++) dir = `${first}-${i}`;
  return dir;
}
