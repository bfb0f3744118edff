import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { RUN_FILES } from '../../../src/protocol/runLayout';
import { float32, int32 } from '../../../src/store/dtypes';
import { writeReport } from '../../../src/store/report';
import { bytesOfText, textOf } from '../inputs/bytes';
import { STRINGS } from '../inputs/pools';
import { events, writeRun } from '../inputs/runFolder';
import { mutatedLines } from '../inputs/lines';
import { safetensors } from '../inputs/safetensorsFile';
import type { FuzzTarget } from '../target';

/** Pixels of a file beside the run's folder, which no report of the run may hold. */
const SECRET = Float32Array.of(1234.5, 6789.25);
const REPORT = 'report.html';

export const target: FuzzTarget = {
  runs: 2500,
  file: RUN_FILES.events,
  codes: ['run-folder'],
  seeds: () => [events()],
  // The names of files are what leads out of the folder.
  mutated: (seeds) =>
    fc.oneof(
      mutatedLines(seeds),
      fc
        .constantFrom(...STRINGS)
        .map((name): Uint8Array => bytesOfText(textOf(seeds[0]!).replaceAll(/"phase-00.exemplars[^"]*"/g, JSON.stringify(name)))),
    ),
  prepare(folder) {
    writeRun(folder);
    const outside = join(folder, '..', '..', 'escape');
    mkdirSync(dirname(outside), { recursive: true });
    const pixels = () => float32([1, 1, 2, 1], SECRET);
    writeFileSync(outside, safetensors({ before: pixels(), after: pixels(), classes: int32([1], Int32Array.of(0)) }));
  },
  async read(folder) {
    const file = join(folder, REPORT);
    await writeReport([folder], file, { js: '', css: '' });
    const page = readFileSync(file, 'utf8');
    assert.ok(!page.includes(Buffer.from(SECRET.buffer).toString('base64')), 'the report holds a file from outside of the run folder');
  },
  leaves: /^report\.html$/,
};
