import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Waits until a run of another process has logged a text. */
export async function logged(runDir: string, text: string): Promise<void> {
  while (!read(join(runDir, 'events.jsonl')).includes(text)) await wait(10);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
