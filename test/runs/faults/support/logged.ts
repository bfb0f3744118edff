import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunEvent } from '../../../../src/protocol/events';
import { startCli } from '../../cli/support/runCli';
import { experimentFile, SMALL } from './smallRun';

/** Starts the small run, or a variant of it, in a process of its own, and waits until it has logged an event. @param under as of `startCli` */
export async function startUntil(
  runDir: string,
  kind: RunEvent['kind'],
  { config = SMALL, under = [] }: { readonly config?: object; readonly under?: readonly string[] } = {},
): Promise<ReturnType<typeof startCli>> {
  const experiment = experimentFile(config);
  const started = startCli(['run', experiment, '--out', runDir], dirname(experiment), {}, under);
  await logged(runDir, `"${kind}"`);
  return started;
}

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
