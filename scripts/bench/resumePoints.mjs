// What resume points cost: `node --import tsx scripts/bench/resumePoints.mjs [--experiment FILE] [--set FIELD=VALUE …] [--minutes N]` makes a run,
// for N minutes at most; with `--resume DIR` goes on with a run (a copy: it is changed). Each resume point keeps the training waiting; its seconds
// are added up and held against all seconds of the run's loop, phase by phase, because exemplars become more.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readExperiment } from '../../src/store/experimentFile.ts';
import { RunControl } from '../../src/trainer/runControl.ts';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment.ts';

const { values: call } = parseArgs({
  options: {
    experiment: { type: 'string', default: 'examples/demo.mnemonics.json' },
    set: { type: 'string', multiple: true, default: [] },
    minutes: { type: 'string', default: '600' },
    resume: { type: 'string' },
  },
});

const scratch = mkdtempSync(path.join(os.tmpdir(), 'mnemonics-cost-'));
const runDir = path.resolve(call.resume ?? path.join(scratch, 'run'));
const control = new RunControl();
const phases = [];
let phase;
const options = {
  runDir,
  control,
  onEvent(event) {
    const now = Date.now();
    if (phase) phase.all += now - phase.seen;
    if (phase?.number !== event.phase) phases.push((phase = { number: event.phase, all: 0, waited: [], mebibytes: 0 }));
    phase.seen = now;
  },
  onResumePoint(seconds) {
    phase.waited.push(seconds);
    phase.mebibytes = statSync(path.join(runDir, 'state.safetensors')).size / 2 ** 20;
  },
  onNotice: (text) => console.error(text),
};
setTimeout(() => void control.stop().catch(() => {}), Number(call.minutes) * 60_000).unref();

try {
  if (call.resume) await resumeExperiment(options);
  else {
    const { config, dir } = await readExperiment(path.resolve(call.experiment), call.set);
    await runExperiment({ ...options, config, configDir: dir });
  }
  for (const { number, ...figures } of phases) say(`phase ${number}`, figures);
  say('all', {
    all: phases.reduce((sum, { all }) => sum + all, 0),
    waited: phases.flatMap(({ waited }) => waited),
    mebibytes: Math.max(...phases.map(({ mebibytes }) => mebibytes)),
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function say(name, { all, waited, mebibytes }) {
  const sum = waited.reduce((a, b) => a + b, 0);
  const median = [...waited].sort((a, b) => a - b)[Math.floor(waited.length / 2)] ?? 0;
  console.log(
    `${name}: ${waited.length} resume points (the last ${mebibytes.toFixed(1)} MiB), ${(1000 * median).toFixed(0)} ms in the median, ` +
      `${sum.toFixed(2)} s of ${(all / 1000).toFixed(1)} s, ${((100_000 * sum) / all).toFixed(2)} %`,
  );
}
