// How long `run` takes to its first training step: `node scripts/bench/startup.mjs [--experiment FILE] [--set FIELD=VALUE …]
// [--repeats 5] [--write]`. Each run is a process of its own, ended after that step; the first may find nothing in the system's memory.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { spreadOf } from './contender.mjs';
import { callOf, machine, table, three, warnWhereBusy, writePart } from './page.mjs';
import { eventsOf, startCli } from './process.mjs';

const { values } = parseArgs({
  options: {
    experiment: { type: 'string', default: 'examples/laptop.mnemonics.json' },
    set: { type: 'string', multiple: true, default: ['network=resnet32'] },
    repeats: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
});

const here = machine();
console.log(`${here}\n`);
warnWhereBusy();
const starts = [];
for (let i = 0; i < Number(values.repeats); i++) starts.push(await start());
const row = (name, of) => {
  const { median, low, high } = spreadOf(starts.map(of));
  return [name, three(of(starts[0])), three(median), `${three(low)} – ${three(high)}`];
};
const result = table(
  ['seconds from the call', 'first call here', 'median', 'quartiles'],
  [row('run folder, data set and engine are ready', ({ began }) => began), row('first training step is done', ({ stepped }) => stepped)],
);
console.log(result);
if (values.write) writePart('startup', `${here}\n\n${result}\n\n\`${callOf('startup.mjs')}\``);

/** Starts a run and ends it after its first step. */
async function start() {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'mnemonics-startup-'));
  const out = path.join(dir, 'run');
  const sets = values.set.flatMap((text) => ['--set', text]);
  const called = Date.now();
  const { child, ended, said } = startCli(['run', values.experiment, ...sets, '--out', out]);
  let over = false;
  void ended.then(() => (over = true));
  try {
    for (;;) {
      if (over) throw new Error(`The run ended before its first step: ${said()}`);
      const events = eventsOf(out);
      const first = events.find(({ kind }) => kind === 'progress');
      // Events say when they happened, so how often this looks changes nothing.
      if (first) return { began: (events[0].time - called) / 1000, stepped: (first.time - called) / 1000 };
      await wait(50);
    }
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(dir, { recursive: true });
  }
}
