import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../src/protocol/events';
import { parseConfig } from '../../src/protocol/parseConfig';
import { foldEvents } from '../../src/protocol/foldEvents';
import { readEvents } from '../../src/store/eventLog';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { cutTo, flipBit } from './support/damage';
import { editRunFile } from './support/editRun';
import { pythonWith } from './support/python';
import { TINY } from './support/tiny';

const READER = join(__dirname, '../../docs/read_run.py');

interface Phase {
  readonly phase: number;
  readonly softmax: number;
  readonly nearestMean: number;
  readonly meanChange: number;
}
interface Run {
  readonly status: string;
  readonly events: number;
  readonly eventsThatCount: number;
  readonly seconds: number;
  readonly phases: readonly Phase[];
}

describe('the example reader of docs/run-folder.md', function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-reader-'));
  const runDir = join(scratch, 'run');
  const state = join(runDir, 'state.safetensors');
  const python = pythonWith('numpy') ?? 'python3';
  const readByPython = () => JSON.parse(execFileSync(python, [READER, runDir, '--json'], { encoding: 'utf8' })) as Run;
  const readByUs = async () => {
    const events = await readEvents(join(runDir, 'events.jsonl'));
    return { events, view: foldEvents(events) };
  };

  /** What the fold of the product says, in the reader's words. */
  async function assertSameFacts(): Promise<Run> {
    const run = readByPython();
    const { events, view } = await readByUs();
    assert.ok(view);
    assert.equal(run.status, view.state);
    assert.equal(run.events, events.length);
    const seconds = view.phases.flatMap(({ stages }) => stages).reduce((sum, stage) => sum + (stage.seconds ?? 0), 0);
    assert.ok(Math.abs(run.seconds - seconds) < 1e-9, `${run.seconds} s and ${seconds} s`);
    assert.deepEqual(
      run.phases.map(({ phase, softmax, nearestMean }) => [phase, softmax, nearestMean]),
      view.phases.map(({ phase, evaluation }) => [phase, evaluation?.softmax.accuracy, evaluation?.nearestMean.accuracy]),
    );
    for (const { phase, meanChange } of run.phases)
      assert.ok(Math.abs(meanChange - (view.phases[phase]?.exemplars?.meanChange ?? NaN)) < 1e-7, `change in phase ${phase}`);
    return run;
  }

  before(async () => {
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'stage-started' && event.phase === 1 && event.stage === 'distil') copyFileSync(state, join(scratch, 'early'));
    };
    await runExperiment({ config: parseConfig(TINY), configDir: scratch, runDir, control: new RunControl(), onEvent });
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('finds the facts of a run that was never interrupted', async () => {
    const run = await assertSameFacts();
    assert.equal(run.eventsThatCount, run.events);
  });

  it('leaves out what was done again after a crash, and a torn last line', async () => {
    // As a crash leaves it that took everything since an early resume point.
    copyFileSync(join(scratch, 'early'), state);
    editRunFile(runDir, { status: 'running' });
    await resumeExperiment({ runDir, control: new RunControl() });
    appendFileSync(join(runDir, 'events.jsonl'), '{"schemaVersion":1,"seq":');
    const run = await assertSameFacts();
    assert.ok(run.eventsThatCount < run.events - 10, `${run.eventsThatCount} of ${run.events} events count`);
  });

  for (const [title, damage] of [
    ['a flipped bit', (path: string) => flipBit(path)],
    ['a lost second half', (path: string) => cutTo(path, 0.5)],
    ['no file', (path: string) => rmSync(path)],
    ['a pipe in its place', (path: string) => (rmSync(path), execFileSync('mkfifo', [path]))],
  ] as const)
    it(`answers ${title} of any kind of file with a sentence`, () => {
      for (const name of [
        'run.json',
        'events.jsonl',
        ...['evaluation.json', 'model.safetensors', 'exemplars.safetensors'].map((f) => `phase-01/${f}`),
      ]) {
        const path = join(runDir, name);
        renameSync(path, join(scratch, 'sound'));
        copyFileSync(join(scratch, 'sound'), path);
        damage(path);
        const { status, stdout, stderr } = spawnSync(python, [READER, runDir], { encoding: 'utf8', timeout: 20_000 });
        assert.deepEqual([status, stdout], [1, ''], name);
        assert.match(stderr, /^[^\n]+\n$/, name);
        renameSync(join(scratch, 'sound'), path);
      }
      readByPython();
    });

  it('refuses what a newer version wrote', () => {
    const runFile = join(runDir, 'run.json');
    writeFileSync(runFile, readFileSync(runFile, 'utf8').replace('"schemaVersion": 1', '"schemaVersion": 2'));
    assert.throws(readByPython, /has schemaVersion 2, known here up to 1/);
  });
});
