import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { zip } from '../../data/support/archives';
import { bytesOfText, mutatedBytes, textOf } from '../inputs/bytes';
import { importFrom, members } from '../inputs/importing';
import { mutatedJson } from '../inputs/json';
import type { FuzzTarget } from '../target';

const ARCHIVE = 'set.zip';
const LINE = { path: 'own/train/cat/0.png', identity: '100 1', md5: 'a'.repeat(32), sha256: 'b'.repeat(64) };

/** What a killed import left of its journal, for the same source, beside a lock of nobody. */
export const target: FuzzTarget = {
  runs: 150,
  file: 'journal.jsonl',
  codes: ['data-invalid'],
  seeds: () => [bytesOfText(`${JSON.stringify(LINE)}\n`)],
  mutated: (seeds) =>
    fc.oneof(
      fc.array(mutatedJson([LINE]), { maxLength: 3 }).map((lines) => bytesOfText(lines.join('\n'))),
      mutatedBytes(seeds, ['\n', 'null', '[]', '"path":"../../escape"']),
    ),
  prepare: (folder) => writeFileSync(join(folder, ARCHIVE), zip(members())),
  async read(folder, input) {
    const staging = join(folder, 'data', '.importing-image-folder');
    mkdirSync(staging, { recursive: true });
    const { size, mtimeMs } = statSync(join(folder, ARCHIVE));
    const source = JSON.stringify({ path: join(folder, ARCHIVE), size, mtimeMs });
    writeFileSync(join(staging, 'journal.jsonl'), `${source}\n${textOf(input)}`);
    writeFileSync(join(staging, 'lock'), textOf(input).slice(0, 20));
    try {
      return await importFrom(folder, ARCHIVE);
    } finally {
      // The data folder was there before the import.
      if (!existsSync(join(folder, 'data', 'image-folder'))) rmSync(join(folder, 'data'), { recursive: true, force: true });
    }
  },
  leaves: /^data(\/image-folder(\/.*)?)?$/s,
};
