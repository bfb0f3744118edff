// BENCHMARKS.md: tables between marks, the machine that they are from.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './contender.mjs';

const PAGE = path.join(root, 'BENCHMARKS.md');

export const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Puts a text between `<!-- name -->` and `<!-- end name -->`; what stands around them is written by people. */
export function writePart(name, text) {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [`<!-- ${name} -->`, `<!-- end ${name} -->`];
  const [start, end] = [page.indexOf(from), page.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`BENCHMARKS.md has no place for ${name}: put ${from} and ${to} into it.`);
  writeFileSync(PAGE, `${page.slice(0, start + from.length)}\n\n${text}\n\n${page.slice(end)}`);
}

/** The machine in a sentence: processor, what its instructions are, cores, memory, system, versions. */
export function machine(versions = {}) {
  const info = readText('/proc/cpuinfo');
  const of = (key) => new RegExp(`^${key}\\s*: (.*)$`, 'm').exec(info)?.[1] ?? 'unknown';
  const has = new Set(of('flags').split(' '));
  const flags = ['avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_tile'].filter((flag) => has.has(flag));
  const processor = `${os.cpus()[0]?.model.trim() ?? 'unknown'} (family ${of('cpu family')}, model ${of('model')}; ${flags.join(', ')})`;
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const list = Object.entries({ node: process.versions.node, ...versions }).map((pair) => pair.join(' '));
  return `${processor}, ${os.availableParallelism()} cores, cache ${of('cache size')}, ${memory}, ${os.type()} ${os.release()}; ${list.join(', ')}; ${commit()}, load ${os.loadavg()[0].toFixed(1)} at the start.`;
}

/** Others at work make such figures worthless, and slow down whoever waits for its own threads most. */
export function warnWhereBusy() {
  const [load] = os.loadavg();
  if (load > 0.7)
    console.error(`Other work goes on here (load ${load.toFixed(1)}): these figures say little. Measure on a machine that is idle.`);
}

function commit() {
  try {
    return `commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()}`;
  } catch {
    return 'no commit';
  }
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** A number with three significant digits, without an exponent. */
export const three = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

/** The call as a page may show it: where a Python lies is this machine's business. */
export function callOf(script) {
  const args = process.argv
    .slice(2)
    .join(' ')
    .replace(/--python[ =]\S+ ?/, '');
  // Scripts that import sources of the product need what compiles them.
  const loader = process.execArgv.includes('--import') ? '--import tsx ' : '';
  return `node ${loader}scripts/bench/${script} ${args}`.trim();
}
