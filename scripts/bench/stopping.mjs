// How long a run takes to end when it is asked to: `node --import tsx scripts/bench/stopping.mjs [--stops 12] [--seed 1] [--experiment FILE] [--set FIELD=VALUE …]
// [--write]`. One run is stopped at random moments by SIGTERM and by `control --stop` in turn, each time resumed, and stopped again. By default its steps
// are as long as the longest that PyTorch is compared with: ResNet-32, K = 20, 120 exemplars, 128 images.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { lastPlace } from '../soak/folders.mjs';
import { randomFrom } from '../soak/moments.mjs';
import { spreadOf } from './contender.mjs';
import { callOf, machine, table, three, warnWhereBusy, writePart } from './page.mjs';
import { startCli } from './process.mjs';

const LONGEST =
  'network=resnet32 innerSteps=20 phaseSizes=[10,5] mnemonicsClassesPerStep=6 mnemonicsBatchSize=128 epochs=1 alpha1Milestones=[]';
const { values } = parseArgs({
  options: {
    experiment: { type: 'string', default: 'examples/laptop.mnemonics.json' },
    set: { type: 'string', multiple: true, default: LONGEST.split(' ') },
    stops: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});

const here = machine();
console.log(`${here}\n`);
warnWhereBusy();
const scratch = mkdtempSync(path.join(os.tmpdir(), 'mnemonics-stopping-'));
const run = path.join(scratch, 'run');
const draw = randomFrom(Number(values.seed));
const stops = [];
try {
  for (let i = 0; i < Number(values.stops); i++) {
    const stop = await stopOnce(
      i === 0 ? ['run', values.experiment, ...values.set.flatMap((set) => ['--set', set]), '--out', run] : ['resume', run],
      i % 2 === 0,
    );
    console.log(`${three(stop.seconds)} s by ${stop.how} at ${stop.where}`);
    stops.push(stop);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const rows = ['SIGTERM', 'control --stop'].map((name) => {
  const seconds = stops.filter(({ how }) => how === name).map((stop) => stop.seconds);
  const { median, low, high } = spreadOf(seconds);
  return [name, String(seconds.length), three(median), `${three(low)} – ${three(high)}`, three(Math.max(...seconds))];
});
const result = table(['asked to stop by', 'times', 'seconds to the end of the process, median', 'quartiles', 'longest'], rows);
console.log(`\n${result}`);
if (values.write) writePart('stopping', `${here}\n\n${result}\n\n\`${callOf('stopping.mjs')}\``);

/** Starts or resumes the run, lets it work for some seconds that nobody chose, and stops it. */
async function stopOnce(args, bySignal) {
  const { child, ended, said } = startCli(args);
  // The first stop lets phase 0 be trained, so that the others meet steps of the mnemonics stage.
  await Promise.race([ended, wait(1000 * (args[0] === 'run' ? 40 : 5 + 25 * draw()))]);
  const where = await lastPlace(run);
  const asked = performance.now();
  if (bySignal) child.kill('SIGTERM');
  else await askToStop();
  const code = await ended;
  if (code !== 130) throw new Error(`The run ended with ${code} where a stopped one ends with 130: ${said()}`);
  return { seconds: (performance.now() - asked) / 1000, where, how: bySignal ? 'SIGTERM' : 'control --stop' };
}

async function askToStop() {
  const { ended, said } = startCli(['control', run, '--stop']);
  if ((await ended) !== 0) throw new Error(`The run could not be asked to stop: ${said()}`);
}
