// `npm run reproduce`: the runs behind the tables of REPRODUCIBILITY.md, and the tables themselves.
//   --rows FILE       the rows to run; default scripts/reproduce-rows.json
//   --only TEXT       only rows whose name contains this; may be repeated
//   --parallel N      so many runs side by side (default 1), each with its share of the cores as threads
//   --table           runs nothing; writes the tables from the runs that are complete
// A row that is complete is kept, one that was interrupted goes on. Runs lie in runs/reproduce/NAME. A row is one command,
// printed before it runs: the same command gives the same bytes (the table has the sha256 of the last phase's weights).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const runs = path.join('runs', 'reproduce');
const page = path.join(root, 'REPRODUCIBILITY.md');
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
const rowsOf = ({ experiment, set = {}, rows }) =>
  Object.entries(rows).map(([name, own]) => ({ name, dir: path.join(runs, name), experiment, set: { ...set, ...own } }));
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

function train(row) {
  const status = statusOf(row);
  if (status === 'completed') return Promise.resolve(0);
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
  const waiting = [...chosen];
  const worker = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const code = await train(row);
      if (code === 130) return;
      if (code !== 0) process.stderr.write(`${row.name} ended with exit code ${code}.\n`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

const percent = (fraction) => (100 * fraction).toFixed(1);
const minutes = (seconds) => (seconds / 60).toFixed(1);
const lastPhase = (row) => readJson(path.join(row.dir, 'run.json')).config;

/** What a complete run reached, and what each kind of stage took. */
function figuresOf(row) {
  const events = readFileSync(path.join(root, row.dir, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const last = events.findLast(({ kind }) => kind === 'evaluated').metrics;
  const seconds = {};
  for (const { kind, stage, seconds: took } of events) if (kind === 'stage-ended') seconds[stage] = (seconds[stage] ?? 0) + took;
  const model = events.findLast(({ kind }) => kind === 'phase-ended').checkpoint;
  const sha256 = createHash('sha256')
    .update(readFileSync(path.join(root, row.dir, model)))
    .digest('hex');
  return { last, seconds, sha256, config: lastPhase(row) };
}

function tableOf(table) {
  const rows = rowsOf(table).filter((row) => statusOf(row) === 'completed');
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const both = (last, of) => `${of(last.softmax)} / ${of(last.nearestMean)}`;
  const head = ['run', 'Ā', 'last A', 'paper F', 'standard F', 'minutes', 'sha256 of the last weights'];
  const body = rows.map((row) => {
    const { last, seconds, sha256 } = figuresOf(row);
    return line([
      row.name,
      both(last, (m) => percent(m.averageAccuracy)),
      both(last, (m) => percent(m.accuracy)),
      both(last, (m) => percent(m.paperForgetting)),
      both(last, (m) => percent(m.standardForgetting)),
      minutes(Object.values(seconds).reduce((a, b) => a + b, 0)),
      `\`${sha256.slice(0, 12)}\``,
    ]);
  });
  return [line(head), line(head.map(() => '---')), ...body].join('\n');
}

/** Seconds of each kind of stage: what a method costs. */
function costsOf(table) {
  const rows = rowsOf(table).filter((row) => statusOf(row) === 'completed');
  const stages = [...new Set(rows.flatMap((row) => Object.keys(figuresOf(row).seconds)))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => {
    const { seconds } = figuresOf(row);
    return line([row.name, ...stages.map((stage) => (seconds[stage] === undefined ? '–' : seconds[stage].toFixed(0)))]);
  });
  return [line(['run', ...stages]), line(['---', ...stages.map(() => '---')]), ...body].join('\n');
}

/** Puts each table between its two marks in REPRODUCIBILITY.md; what stands around them is written by people. */
function writeTables() {
  let text = readFileSync(page, 'utf8');
  for (const table of tables) {
    for (const [what, make] of [
      ['table', tableOf],
      ['costs', costsOf],
    ]) {
      const [from, to] = [`<!-- ${what} ${table.name} -->`, `<!-- end ${what} ${table.name} -->`];
      const [start, end] = [text.indexOf(from), text.indexOf(to)];
      if (start >= 0 && end > start) text = `${text.slice(0, start + from.length)}\n\n${make(table)}\n\n${text.slice(end)}`;
    }
  }
  writeFileSync(page, text);
}

if (!call.table) await trainAll();
if (existsSync(page)) writeTables();
