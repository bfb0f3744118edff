// `npm run reproduce`: the runs behind the tables of REPRODUCIBILITY.md, and the tables themselves.
//   --rows FILE       the rows to run; default scripts/reproduce-rows.json
//   --only TEXT       only rows whose name contains this; may be repeated
//   --parallel N      so many runs side by side (default 1), each with its share of the cores as threads
//   --table           runs nothing; writes the tables from the runs that are complete. Rows of runs that are not here stay
// A row that is complete is kept, one that was interrupted goes on. Runs lie in runs/reproduce/NAME. A row is one command,
// printed before it runs: the same command gives the same bytes (the table has the sha256 of the last phase's weights).
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeTables } from './reproductionTables.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const runs = path.join('runs', 'reproduce');
const { values: call } = parseArgs({
  options: {
    rows: { type: 'string', default: path.join(root, 'scripts', 'reproduce-rows.json') },
    only: { type: 'string', multiple: true, default: [] },
    parallel: { type: 'string', default: '1' },
    table: { type: 'boolean', default: false },
  },
});
const parallel = Math.max(1, Number(call.parallel) || 1);
const threads = Math.max(1, Math.floor(availableParallelism() / parallel));

/** Each table is an experiment file and rows; a row's name is its folder, its `set` what differs from the file. */
const tables = JSON.parse(readFileSync(call.rows, 'utf8'));
const rowsOf = ({ experiment, rows }) => Object.entries(rows).map(([name, set]) => ({ name, dir: path.join(runs, name), experiment, set }));
const chosen = tables.flatMap(rowsOf).filter(({ name }) => call.only.length === 0 || call.only.some((text) => name.includes(text)));

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const statusOf = ({ dir }) => (existsSync(path.join(root, dir, 'run.json')) ? readJson(path.join(dir, 'run.json')).status : 'none');
const commandOf = ({ experiment, dir, set }) => [
  'run',
  experiment,
  ...Object.entries(set).flatMap(([field, value]) => ['--set', `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`]),
  '--out',
  dir,
];

const isComplete = (row) => statusOf(row) === 'completed';
/** A row as the tables want it. */
const described = (row) => ({ name: row.name, dir: path.join(root, row.dir), command: `node dist/cli.js ${commandOf(row).join(' ')}` });

function train(row) {
  const status = statusOf(row);
  const args = status === 'none' ? commandOf(row) : ['resume', row.dir];
  process.stdout.write(`TF_NUM_INTRAOP_THREADS=${threads} node dist/cli.js ${args.join(' ')}\n`);
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads) };
  const child = spawn(process.execPath, [path.join('dist', 'cli.js'), ...args, '--json'], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', parallel === 1 ? 'inherit' : 'ignore'],
  });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

async function trainAll() {
  const waiting = chosen.filter((row) => !isComplete(row));
  const worker = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const code = await train(row);
      if (code === 130) return;
      if (code !== 0) process.stderr.write(`${row.name} ended with exit code ${code}.\n`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

if (!call.table) await trainAll();
writeTables(
  path.join(root, 'REPRODUCIBILITY.md'),
  tables.map((table) => ({
    name: table.name,
    names: Object.keys(table.rows),
    rows: rowsOf(table).filter(isComplete).map(described),
  })),
);
