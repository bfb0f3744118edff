// `npm test`: everything that can be checked, from a fresh clone on. A part that fails doesn't stop the others; the last line
// is `N passed, N failed`, and the exit code is 1 where anything failed. `npm test -- PART …` runs only the named parts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const results = path.join(root, '.cache', 'test');
const MINUTE = 60_000;

/** `needs` are Debian packages, mostly named like the program that they bring; `mocha` parts count their tests, others count as one. */
const PARTS = [
  { name: 'types', run: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'lint', run: ['eslint'] },
  { name: 'format', run: ['prettier', '--check', '.'] },
  { name: 'build', run: ['node', 'scripts/build.mjs'] },
  { name: 'audit', run: ['node', 'scripts/audit.mjs'], skipped: { code: 75, because: "the registry can't be asked (see above)" } },
  { name: 'unit', mocha: '.mocharc.json', minutes: 10 },
  { name: 'runs', mocha: '.mocharc.runs.json', needs: ['python3-numpy'], minutes: 15 },
  { name: 'webview', mocha: '.mocharc.webview.json', needs: ['chromium'], minutes: 6 },
  // The test workbench's own native parts are compiled when it is installed.
  {
    name: 'workbench',
    mocha: '.mocharc.workbench.json',
    needs: ['chromium', ...(workbenchInstalled() ? [] : ['g++', 'make', 'python3'])],
    minutes: 16,
  },
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(', ')}; the parts are ${PARTS.map(({ name }) => name).join(', ')}.\n`);
  process.exit(2);
}

if (!existsSync(path.join(root, 'node_modules', '.package-lock.json'))) {
  heading('npm ci');
  const { code } = await start('npm', ['ci'], 10 * MINUTE);
  if (code !== 0) fatal('The dependencies can\'t be installed: "npm ci" failed (see above).');
}
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const rows = [];
for (const part of PARTS) if (chosen.length === 0 || chosen.includes(part.name)) rows.push(await runPart(part));
report(rows);

async function runPart(part, repeated = []) {
  const { name, run, skipped, mocha, needs = [], minutes = 5 } = part;
  heading(name);
  const began = Date.now();
  const row = (counts) => ({ name, seconds: (Date.now() - began) / 1000, passed: 0, failed: [], skipped: [], repeated, ...counts });
  const missing = install(needs);
  if (missing) {
    process.stdout.write(`${missing}\n`);
    return row({ failed: [missing] });
  }
  if (!mocha) {
    const { code, late } = await start(...program(run), minutes * MINUTE);
    if (skipped && code === skipped.code) return row({ skipped: [skipped.because] });
    return row(code === 0 ? { passed: 1 } : { failed: [late ?? `${run.join(' ')} (exit code ${code})`] });
  }
  const output = path.join(results, `${name}.json`);
  const { code, signal, late } = await start(
    ...program(['mocha', '--config', mocha, '--reporter', 'test/reporter.cjs', '--reporter-option', `output=${output}`]),
    minutes * MINUTE,
  );
  // A process that has all engines in it was ended by a signal once, for a reason not found yet: named, and tried once more.
  if (signal && !late && repeated.length === 0) return runPart(part, [`all of it, since ${signal} ended its process`]);
  const counts = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : { failed: [] };
  // Tests that pass in a run that doesn't come to its end are no success.
  if (late || (code !== 0 && counts.failed.length === 0))
    counts.failed.push(late ?? `${name} ended in the middle (${signal ?? `exit code ${code}`})`);
  return row({ ...counts, repeated: [...repeated, ...(counts.repeated ?? [])] });
}

/** A program of node_modules, or Node itself. */
function program([name, ...args]) {
  return name === 'node' ? [process.execPath, args] : [path.join(root, 'node_modules', '.bin', name), args];
}

/** Runs a program to its end, or to the end of its time with all that it started. */
function start(command, args, limit) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    const kill = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    };
    let late;
    const timer = setTimeout(() => {
      late = `${path.basename(command)} ${args[0] ?? ''} took longer than ${limit / MINUTE} minutes`;
      kill();
    }, limit);
    const interrupted = () => {
      kill();
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupted);
    child.once('error', (error) => resolve({ code: 127, late: `${command} can't be started: ${error.message}` }));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted);
      resolve({ code, signal, late });
    });
  });
}

/** Installs what is missing where that is possible; otherwise says in a sentence what is missing. */
function install(packages) {
  const hasNumpy = (python) => spawnSync(python, ['-c', 'import numpy']).status === 0;
  const present = (name) => {
    if (name === 'python3-numpy') return ['python3', '/usr/bin/python3'].some(hasNumpy);
    return (name === 'chromium' && existsSync(process.env.CHROMIUM ?? '')) || spawnSync('which', [name]).status === 0;
  };
  const missing = packages.filter((name) => !present(name));
  if (missing.length === 0) return undefined;
  const sentence = `These programs are missing: ${missing.join(', ')}; install the packages of the same names.`;
  if (process.getuid?.() !== 0 || spawnSync('which', ['apt-get']).status !== 0) return sentence;
  process.stdout.write(`Installing ${missing.join(', ')} …\n`);
  const apt = (...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status;
  apt('update');
  return apt('install', '-y', '--no-install-recommends', ...missing) === 0 ? undefined : sentence;
}

function workbenchInstalled() {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'mnemonics-lab');
  const { status } = spawnSync('sh', ['-c', 'ls -d "$1"/workbench-????????????', 'sh', cache], { stdio: 'ignore' });
  return status === 0;
}

function report(all) {
  heading('Result');
  const line = (...cells) =>
    process.stdout.write(
      `${cells[0].padEnd(12)}${cells
        .slice(1)
        .map((cell) => String(cell).padStart(10))
        .join('')}\n`,
    );
  line('part', 'seconds', 'passed', 'failed', 'skipped');
  for (const { name, seconds, passed, failed, skipped } of all) line(name, seconds.toFixed(1), passed, failed.length, skipped.length);
  const list = (title, of) => {
    const names = all.flatMap((row) => of(row).map((text) => `  ${row.name}: ${text}`));
    if (names.length > 0) process.stdout.write(`\n${title}:\n${names.join('\n')}\n`);
  };
  list('Skipped', ({ skipped }) => skipped);
  // A whole editor on a busy machine may be too slow once; what needs it often is a defect, so it is named.
  list('Needed a second try', ({ repeated }) => repeated);
  list('Failed', ({ failed }) => failed);
  const sum = (of) => all.reduce((total, row) => total + of(row), 0);
  const failed = sum((row) => row.failed.length);
  process.exitCode = failed > 0 ? 1 : 0;
  process.stdout.write(`\n${sum(({ passed }) => passed)} passed, ${failed} failed\n`);
}

function heading(text) {
  process.stdout.write(`\n=== ${text} ===\n`);
}

function fatal(sentence) {
  process.stdout.write(`${sentence}\n\n0 passed, 1 failed\n`);
  process.exit(1);
}
