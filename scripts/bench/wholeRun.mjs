// What part of a whole run its compiled steps are: `node scripts/bench/wholeRun.mjs [--experiment FILE] [--set FIELD=VALUE …] [--rows 10] [--write]`.
// The run's process is sampled by Node's own profiler from its start to its end; time inside `runSavedModel` is TensorFlow's.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './contender.mjs';
import { callOf, machine, table, three, warnWhereBusy, writePart } from './page.mjs';

const { values } = parseArgs({
  options: {
    experiment: { type: 'string', default: 'examples/demo.mnemonics.json' },
    set: { type: 'string', multiple: true, default: [] },
    rows: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
});

const here = machine();
console.log(`${here}\n`);
warnWhereBusy();
const spent = profiled();
const total = [...spent.values()].reduce((sum, seconds) => sum + seconds, 0);
const largest = [...spent].sort((a, b) => b[1] - a[1]).slice(0, Number(values.rows));
const result = table(
  ['where', 'seconds', 'of the run'],
  [
    ...largest.map(([name, seconds]) => [name, three(seconds), `${((100 * seconds) / total).toFixed(1)} %`]),
    ['all of it, from the process’s start to its end', three(total), ''],
  ],
);
console.log(result);
if (values.write) writePart('whole run', `${here}\n\n${values.experiment}, native:\n\n${result}\n\n\`${callOf('wholeRun.mjs')}\``);

/** Seconds in each function itself, callees left out. */
function profiled() {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'mnemonics-whole-run-'));
  try {
    const sets = ['engine="native"', ...values.set].flatMap((text) => ['--set', text]);
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--cpu-prof', '--cpu-prof-dir', dir, 'dist/cli.js', 'run', values.experiment, ...sets, '--out', path.join(dir, 'run')],
      { cwd: root, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (status !== 0) throw new Error(`The run failed: ${stderr}`);
    const file = readdirSync(dir).find((name) => name.endsWith('.cpuprofile'));
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path.join(dir, file), 'utf8'));
    const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    const seconds = new Map();
    samples.forEach((id, i) => seconds.set(names.get(id), (seconds.get(names.get(id)) ?? 0) + timeDeltas[i] / 1e6));
    return seconds;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function nameOf({ functionName }) {
  if (functionName.endsWith('.runSavedModel')) return 'compiled steps (`runSavedModel`)';
  return `\`${functionName || 'anonymous'}\``;
}
