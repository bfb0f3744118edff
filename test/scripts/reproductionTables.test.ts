import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolders } from '../store/support/temporaryFolder';

const SCRIPT = join(__dirname, '../../scripts/reproductionTables.mjs');
const VERSION_1 = join(__dirname, '../store/fixtures/version-1');

interface Row {
  readonly name: string;
  readonly dir: string;
  readonly command: string;
}
type WriteTables = (page: string, tables: { name: string; names: string[]; rows: Row[] }[]) => void;

describe('the tables of REPRODUCIBILITY.md', () => {
  const folder = temporaryFolders();

  /** A run that is complete. */
  const runFolder = (): string => {
    const dir = join(folder(), 'run');
    cpSync(VERSION_1, dir, { recursive: true });
    for (const phase of ['phase-00', 'phase-01']) {
      mkdirSync(join(dir, phase), { recursive: true });
      writeFileSync(join(dir, phase, 'model.safetensors'), 'weights');
    }
    return dir;
  };

  it('take in the runs that are here, in the order of the rows, and keep those that are not', async () => {
    const { writeTables } = (await import(SCRIPT)) as { writeTables: WriteTables };
    const dir = runFolder();
    const page = join(dir, 'page.md');
    const table = (what: string, text: string) => `Before.\n\n<!-- ${what} x -->\n\n${text}\n\n<!-- end ${what} x -->\n\nAfter.\n`;
    const before = [
      table(
        'results',
        '| run | Ā | minutes | sha256 |\n| --- | --- | --- | --- |\n| first | 1 / 2 | 3 | `4` |\n| last | 5 / 6 | 7 | `8` |',
      ),
      table('costs', '| run | fit-bias | select |\n| --- | --- | --- |\n| first | 9 | – |'),
      table('commands', '```\nnode x --out runs/first\nnode x --out runs/last\n```'),
    ].join('\n');
    writeFileSync(page, before);
    const names = ['first', 'here', 'last'];
    writeTables(page, [{ name: 'x', names, rows: [] }]);
    assert.equal(readFileSync(page, 'utf8'), before);

    writeTables(page, [{ name: 'x', names, rows: [{ name: 'here', dir, command: 'node x --out runs/here' }] }]);
    const after = readFileSync(page, 'utf8');
    const rows = (name: string) => [...after.matchAll(new RegExp(`^\\| ${name} \\|.*`, 'gm'))].map(([row]) => row);
    assert.equal(rows('first')[0], '| first | 1 / 2 | – | – | – | 3 | `4` |');
    assert.match(rows('here')[0] ?? '', /^\| here \| \d+\.\d \/ \d+\.\d \|.*\| `[0-9a-f]{12}` \|$/);
    assert.match(rows('first')[1] ?? '', /^\| first \| – \|.*\| 9 \| – \| – \|$/);
    assert.match(after, /runs\/first\nTF_NUM_INTRAOP_THREADS=\d+ node x --out runs\/here\nnode x --out runs\/last\n```/);
    assert.ok(after.indexOf('| here |') < after.indexOf('| last |'));

    writeTables(page, [{ name: 'x', names, rows: [{ name: 'here', dir, command: 'node x --out runs/here' }] }]);
    assert.equal(readFileSync(page, 'utf8'), after);
  });

  it('have the means of rows that differ in their seed alone, as the figures stand there', async () => {
    const { writeTables } = (await import(SCRIPT)) as { writeTables: WriteTables };
    const dir = runFolder();
    const page = join(dir, 'page.md');
    const head = '| run | Ā | last A | paper F | standard F |\n| --- | --- | --- | --- | --- |';
    const rows = [
      '| a | 10.0 / 1.0 | 2 / 2 | 3 / 3 | 4 / 4 |',
      '| a-seed2 | 20.0 / 2.0 | 4 / 2 | 3 / 3 | 4 / 5 |',
      '| b | 9 / 9 | 9 / 9 | 9 / 9 | 9 / 9 |',
    ];
    const between = (what: string, text: string) => `<!-- ${what} x -->\n\n${text}\n\n<!-- end ${what} x -->\n`;
    writeFileSync(page, between('results', [head, ...rows].join('\n')) + between('means', ''));
    writeTables(page, [
      { name: 'x', names: ['a', 'a-seed2', 'b', 'here'], rows: [{ name: 'here', dir, command: 'node x --out runs/here' }] },
    ]);
    const [, means = ''] = readFileSync(page, 'utf8').split('<!-- means x -->');
    assert.deepEqual(
      means
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .slice(2),
      ['| a | 2 | 15.0 / 1.5 | 3.0 / 2.0 | 3.0 / 3.0 | 4.0 / 4.5 |'],
    );
  });
});
