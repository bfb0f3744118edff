// How long a run of very many events takes to open: `node scripts/bench/events.mjs [--events 1000000] [--repeats 5] [--keep DIR]
// [--write]`. The log is written by the product's own EventLog: the paper's experiment, interrupted now and then. Each opening is
// a process of its own that reads, checks and folds all of it, as the editor, the report and the command line do.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { root, spreadOf } from './contender.mjs';
import { callOf, machine, table, three, warnWhereBusy, writePart } from './page.mjs';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    repeats: { type: 'string', default: '5' },
    keep: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const wanted = Number(values.events);

const OPEN = `
  const { readView } = require('./src/store/readHistory');
  const { readFileSync } = require('node:fs');
  const began = performance.now();
  const used = process.cpuUsage();
  readView(process.argv[2]).then((view) => {
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(used);
    const peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
    console.log(JSON.stringify({ events: view.lastSeq + 1, seconds, processor: (user + system) / 1e6, peak }));
  });`;
const PRODUCT = `
  export { EventLog } from './src/store/eventLog';
  export { readExperiment } from './src/store/experimentFile';
  export { planRun } from './src/learning/plan';`;

const here = machine();
console.log(`${here}\n`);
warnWhereBusy();
const work = mkdtempSync(path.join(os.tmpdir(), 'mnemonics-events-'));
try {
  const run = values.keep ? path.resolve(values.keep) : path.join(work, 'run');
  mkdirSync(run, { recursive: true });
  const log = path.join(run, 'events.jsonl');
  await writeLog(log);
  const opener = bundle('open.cjs', OPEN);
  const openings = Array.from({ length: Number(values.repeats) }, () =>
    JSON.parse(execFileSync(process.execPath, [opener, run], { encoding: 'utf8' })),
  );
  if (openings.some(({ events }) => events < wanted)) throw new Error('The fold has not come to the end of the log.');
  const row = (name, of) => {
    const { median, low, high } = spreadOf(openings.map(of));
    return [name, three(median), `${three(low)} – ${three(high)}`];
  };
  const result = table(
    [`${openings[0].events} events, ${three(statSync(log).size / 2 ** 20)} MiB`, 'median', 'quartiles'],
    [
      row('seconds to the complete fold, the process’s start left out', ({ seconds }) => seconds),
      row('seconds of processors', ({ processor }) => processor),
      row('peak memory of the process, MiB', ({ peak }) => peak),
    ],
  );
  console.log(result);
  if (values.write) writePart('events', `${here}\n\n${result}\n\n\`${callOf('events.mjs')}\``);
} finally {
  rmSync(work, { recursive: true });
}

/** The product's sources as a package has them: one file, without types. */
function bundle(name, contents) {
  const outfile = path.join(work, name);
  buildSync({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    minify: true,
    outfile,
  });
  return outfile;
}

async function writeLog(file) {
  const { EventLog, planRun, readExperiment } = createRequire(import.meta.url)(bundle('product.cjs', PRODUCT));
  const { config } = await readExperiment(path.join(root, 'examples/paper.mnemonics.json'));
  const names = Array.from({ length: 100 }, (_, label) => `class ${label}`);
  const plan = planRun(config, { classNames: names, trainCounts: names.map(() => 500), testCounts: names.map(() => 100) });
  const allImages = plan.phases.flatMap(({ stages }) => stages).reduce((sum, { images }) => sum + images, 0);
  const engine = { engine: 'native', reason: 'fastest', versions: { tensorflow: '2.15.1' }, device: 'CPU', threads: 2 };
  const random = generator(20261124);
  const log = EventLog.open(file);
  let written = 0;
  const append = (body, place) => {
    log.append(body, place);
    written++;
  };
  const metrics = (phase, seen) => ({
    accuracy: random(),
    firstPhaseAccuracy: random(),
    groupAccuracies: Array.from({ length: phase + 1 }, random),
    classAccuracies: Array.from({ length: seen }, random),
    averageAccuracy: random(),
    paperForgetting: random(),
    standardForgetting: random(),
  });
  append(
    { kind: 'run-started', runId: 'a-long-run', config, plan, engine, headline: 'nearestMean', pid: 4711 },
    { phase: 0, stage: null, step: 0 },
  );
  let done = 0;
  let seen = 0;
  for (const { phase, classes, stages } of plan.phases) {
    seen += classes.length;
    append({ kind: 'phase-started' }, { phase, stage: null, step: 0 });
    for (const { stage, steps, images } of stages) {
      append({ kind: 'stage-started', steps }, { phase, stage, step: 0 });
      const reports = Math.ceil((wanted * images) / allImages);
      for (let report = 1; report <= reports; report++) {
        const fractionDone = (done + (images * report) / reports) / allImages;
        const step = Math.ceil((steps * report) / reports);
        const body = { kind: 'progress', loss: 3 * random(), imagesPerSecond: 900 + 100 * random(), secondsLeft: 4e5 * (1 - fractionDone) };
        append({ ...body, fractionDone: Math.min(1, fractionDone) }, { phase, stage, step });
        if (random() < 1e-4) append({ kind: 'run-continued', engine, pid: 4712 }, { phase, stage, step: Math.max(0, step - 50) });
      }
      append({ kind: 'stage-ended', seconds: images / 900 }, { phase, stage, step: steps });
      done += images;
    }
    const place = { phase, stage: null, step: 0 };
    const [evaluation, exemplars, model] = ['evaluation.json', 'exemplars.safetensors', 'model.safetensors'].map(
      (f) => `phase-0${phase}/${f}`,
    );
    append({ kind: 'evaluated', file: evaluation, metrics: { softmax: metrics(phase, seen), nearestMean: metrics(phase, seen) } }, place);
    const changes = Array.from({ length: seen }, (_, classIndex) => ({ classIndex, meanChange: random(), maxChange: 5 * random() }));
    append({ kind: 'exemplars-stored', file: exemplars, changes, meanChange: random() }, place);
    append({ kind: 'phase-ended', seconds: 3600, checkpoint: model }, place);
  }
  append({ kind: 'run-ended', outcome: 'completed', error: null }, { phase: plan.phases.length - 1, stage: null, step: 0 });
  log.close();
  console.log(`${written} events written.`);
}

/** Mulberry32: the same log each time. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
