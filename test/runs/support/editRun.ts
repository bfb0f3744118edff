import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/protocol/events';
import { runFileSchema, type RunFile } from '../../../src/protocol/runFile';
import { NO_CHECKSUM } from '../../../src/protocol/checksumField';
import { withChecksum } from '../../../src/store/checksum';
import { withoutChecksum } from '../../../src/store/logChecksum';

/** Changes `run.json` as if it had been written so. */
export function editRunFile(runDir: string, patch: Partial<RunFile>): void {
  const run = { ...runFileOf(runDir), ...patch, sha256: NO_CHECKSUM };
  writeFileSync(join(runDir, 'run.json'), withChecksum(JSON.stringify(run, null, 2)));
}

const runFileOf = (runDir: string): RunFile => runFileSchema.parse(JSON.parse(readFileSync(join(runDir, 'run.json'), 'utf8')));

/** Changes the lines of the log, which is then as of before logs had checksums. */
export function editLog(runDir: string, change: (lines: string[]) => string[]): void {
  const path = join(runDir, 'events.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').map(withoutChecksum);
  writeFileSync(path, `${change(lines).join('\n')}\n`);
}

/** As if the run had been on a machine with seven cores. @returns the engine that it had */
export function beganWithSevenThreads(runDir: string): RunFile['engine'] {
  const here = runFileOf(runDir).engine;
  const engine = { ...here, threads: 7 };
  editLog(runDir, ([first = '', ...others]) => [JSON.stringify({ ...(JSON.parse(first) as RunEvent), engine }), ...others]);
  editRunFile(runDir, { engine });
  return here;
}
