// What a run of CIFAR-100 holds in memory, stage by stage: `node scripts/bench/memory.mjs [--inner-steps 5,20] [--set FIELD=VALUE …] [--write]`.
// ResNet-32, m = n = 128: eight classes of sixteen exemplars are learned at a time, by batches of 128. Two phases of 90 and 10 classes have as many exemplars as
// any run of that many; steps are cut by taking few training images of each class, which changes nothing of what is held, since images stay in the data set's files.
// Needs `npm run build`, the data set (`data import cifar100`), and Linux. A quarter of an hour.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { callOf, machine, table, writePart } from './page.mjs';
import { eventsOf, startCli } from './process.mjs';

const EXPERIMENT = 'examples/laptop.mnemonics.json';
const CUT = {
  network: 'resnet32',
  phaseSizes: '[90,10]',
  exemplarsPerClass: 16,
  mnemonicsClassesPerStep: 8,
  mnemonicsBatchSize: 128,
  trainPerClass: 20,
  epochs: 1,
  fineTuneEpochs: 2,
  // Smaller, since so little training leaves running statistics that larger steps would diverge by.
  alpha1: 0.01,
  alpha2: 0.0005,
};

const { values } = parseArgs({
  options: {
    'inner-steps': { type: 'string', default: '5,20' },
    set: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
  },
});

const here = machine();
console.log(`${here}\n`);
const all = values['inner-steps'].split(',');
const peaks = [];
for (const innerSteps of all) peaks.push(await run(innerSteps));
const stages = [...new Set(peaks.flatMap((of) => [...of.keys()]))];
const most = (of) => Math.max(...of.values());
const result = table(
  ['peak of resident memory, MiB', ...all.map((k) => `K = ${k}`)],
  [
    ...stages.map((stage) => [stage, ...peaks.map((of) => (of.get(stage) ?? 0).toFixed(0))]),
    ['all of it', ...peaks.map((of) => most(of).toFixed(0))],
  ],
);
console.log(result);
if (values.write) writePart('memory', `${here}\n\n${result}\n\n\`${callOf('memory.mjs')}\``);

/** MiB at most, by stage: the system is told to begin its high-water mark anew when a stage begins. */
async function run(innerSteps) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'mnemonics-memory-'));
  const out = path.join(dir, 'run');
  const sets = [...Object.entries({ ...CUT, innerSteps }).map((pair) => pair.join('=')), ...values.set].flatMap((text) => ['--set', text]);
  const { child, ended, said } = startCli(['run', EXPERIMENT, ...sets, '--out', out]);
  let code;
  void ended.then((end) => (code = end));
  const found = new Map();
  let stage = 'start';
  while (code === undefined) {
    await wait(100);
    const peak = highWaterMark(child.pid);
    if (peak !== null) found.set(stage, Math.max(found.get(stage) ?? 0, peak));
    const now = stageOf(out) ?? stage;
    if (now === stage) continue;
    stage = now;
    tryTo(() => writeFileSync(`/proc/${child.pid}/clear_refs`, '5'));
  }
  rmSync(dir, { recursive: true });
  if (code !== 0) throw new Error(`The run failed: ${said()}`);
  return found;
}

function highWaterMark(pid) {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(tryTo(() => readFileSync(`/proc/${pid}/status`, 'utf8')) ?? '')?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}

/** The stage that began last, by the run's log. */
function stageOf(runDir) {
  const { phase, stage } = eventsOf(runDir).findLast(({ kind }) => kind === 'stage-started') ?? {};
  return stage && `phase ${phase}, ${stage}`;
}

/** What a function gives; undefined where the process has just ended. */
function tryTo(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}
