// `npm run soak -- --kills N`: runs are killed with SIGKILL at random moments, several times each, and resumed until they are done. Each must
// end with the bits of one that was never killed; the first that doesn't ends the soak with exit code 1, and its folder is kept.
//   --kills N           so many kills over as many runs as it takes (default 30)
//   --seed S            draws the same moments again; which step they meet depends on the machine
//   --engine NAME       as of `run`
//   --experiment FILE   default examples/demo.mnemonics.json
//   --folder DIR        where the runs lie; by default a temporary folder, which is removed where all were the same
//   --cli FILE          default dist/cli.js
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differences, fingerprintOf, lastPlace, whatIsLeft } from './soak/folders.mjs';
import { killMoments, randomFrom } from './soak/moments.mjs';
import { runOnce } from './soak/process.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values: call } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    engine: { type: 'string' },
    experiment: { type: 'string', default: path.join(root, 'examples', 'demo.mnemonics.json') },
    folder: { type: 'string' },
    cli: { type: 'string', default: path.join(root, 'dist', 'cli.js') },
  },
});
const [wanted, seed] = [call.kills, call.seed].map(Number);
if (!Number.isInteger(wanted) || wanted < 1 || !Number.isInteger(seed)) {
  process.stderr.write('soak: --kills needs a whole number of at least 1, and --seed a whole number.\n');
  process.exit(2);
}

const folder = call.folder === undefined ? mkdtempSync(path.join(os.tmpdir(), 'mnemonics-soak-')) : path.resolve(call.folder);
mkdirSync(folder, { recursive: true });
const experiment = path.resolve(call.experiment);
const began = Date.now();
const say = (text) => process.stdout.write(`${text}\n`);
let [kills, runs] = [0, 0];
// So that the run at work is ended, too.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

say(`Seed ${seed}; runs of ${experiment} lie in ${folder}`);
const dir = path.join(folder, 'reference');
const whole = await runOnce({ cli: call.cli, args: startOf(dir), dir });
if (whole.code !== 0) fail(dir, `the uninterrupted run ended with exit code ${whole.code}: ${whole.said}`);
const reference = await fingerprintOf(dir);
say(`The uninterrupted run took ${Math.round(whole.ms / 1000)} s; ${Object.keys(reference.files).length} files are compared with its own`);
const draw = killMoments(randomFrom(seed), { whole: whole.ms, ...reference.times(whole.startedAt) });

while (kills < wanted) await soakRun(path.join(folder, `run-${String(runs + 1).padStart(3, '0')}`));
say('');
say(`${kills} kills, ${runs} runs, 0 differing hashes`);
if (call.folder === undefined) rmSync(folder, { recursive: true, force: true });

/** One run, killed and resumed until it is done. */
async function soakRun(dir) {
  for (let attempt = 0; ; attempt++) {
    const args = whatIsLeft(dir).hasRun ? ['resume', dir] : startOf(dir);
    const end = await runOnce({ cli: call.cli, args, dir, killAt: kills < wanted ? draw(attempt) : null });
    if (end.orphans) fail(dir, 'a process of it is still alive');
    const left = whatIsLeft(dir);
    if (end.killed) {
      kills++;
      const place = await lastPlace(dir).catch((error) => fail(dir, error.message));
      say(`kill ${kills} of ${wanted}: run ${runs + 1}, ${end.killed} at ${place}; ${timeLeft()}`);
      // Killed after its end, there is nothing to resume.
      if (left.status !== 'completed') continue;
    } else if (end.code !== 0) fail(dir, `"${args[0]}" ended with exit code ${end.code}: ${end.said}`);
    if (left.temporary.length > 0) fail(dir, `it holds ${left.temporary.join(', ')}`);
    const differing = differences(reference, await fingerprintOf(dir).catch((error) => fail(dir, error.message)));
    if (differing.length > 0) fail(dir, `it differs from the uninterrupted one in ${differing.join(', ')}`);
    runs++;
    say(`run ${runs} ended after ${attempt + 1} processes with the same bits`);
    return;
  }
}

function startOf(dir) {
  return ['run', experiment, '--out', dir, ...(call.engine === undefined ? [] : ['--engine', call.engine])];
}

function timeLeft() {
  const minutes = ((Date.now() - began) / 60_000 / kills) * (wanted - kills);
  return minutes < 1 ? 'less than a minute left' : `about ${Math.round(minutes)} min left`;
}

function fail(dir, problem) {
  say(`\nThe run in ${dir} is not as it should be: ${problem}`);
  say(`${kills} kills, ${runs} runs that were the same, then this one; its folder is kept, and that of the uninterrupted run beside it`);
  process.exit(1);
}
