import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../src/protocol/events';
import { parseConfig } from '../../src/protocol/parseConfig';
import { phaseFile } from '../../src/protocol/runLayout';
import { foldEvents } from '../../src/protocol/foldEvents';
import { readEvents } from '../../src/store/eventLog';
import { readSafetensors } from '../../src/store/readSafetensors';
import { editLog, editRunFile } from './support/editRun';
import { resultsOf } from './support/results';
import { TINY } from './support/tiny';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';

const config = parseConfig(TINY);
const [MODEL_0, MODEL_1] = [phaseFile(0, 'model'), phaseFile(1, 'model')];

const nothing = async () => undefined;
const carriers = { onPause: nothing, onResume: nothing, onStop: nothing, onSet: nothing };

describe('a run', function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-run-'));
  const events: RunEvent[] = [];
  const whole = join(scratch, 'whole');

  before(() =>
    runExperiment({ config, configDir: scratch, runDir: whole, control: new RunControl(), onEvent: (event) => events.push(event) }),
  );
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('tells its listener the events that it logs, and they fold to a completed run', async () => {
    assert.deepEqual(await readEvents(join(whole, 'events.jsonl')), events);
    const view = foldEvents(events);
    assert.equal(view?.state, 'completed');
    assert.ok(
      view.phases.every(
        (phase) => phase.state === 'done' && phase.stages.every((stage) => stage.state === 'done' && stage.seconds !== null),
      ),
    );
  });

  it('goes through the stages of the method in their order', () => {
    const stages = events.filter((event) => event.kind === 'stage-ended').map(({ phase, stage }) => `${phase} ${stage}`);
    assert.deepEqual(stages, [
      '0 train',
      '0 select',
      '0 mnemonics-new',
      '0 evaluate',
      '1 distil',
      '1 select',
      '1 mnemonics-new',
      '1 mnemonics-old',
      '1 fine-tune',
      '1 evaluate',
    ]);
  });

  it('evaluates both classifiers on all classes seen', () => {
    const evaluated = events.flatMap((event) => (event.kind === 'evaluated' ? [event.metrics] : []));
    assert.deepEqual(
      evaluated.map(({ softmax }) => softmax.classAccuracies.length),
      [5, 10],
    );
    assert.deepEqual(
      evaluated.map(({ nearestMean }) => nearestMean.groupAccuracies.length),
      [1, 2],
    );
  });

  it("stores exemplars that learning has moved, with each old one's own first state", async () => {
    const [first, second] = await Promise.all([0, 1].map((phase) => readSafetensors(join(whole, `phase-0${phase}/exemplars.safetensors`))));
    const floats = (file: typeof first, name: string) => file?.tensors.get(name)?.data as Float32Array;
    assert.deepEqual(second?.tensors.get('before')?.shape, [20, 28, 28, 1]);
    assert.deepEqual(floats(second, 'before').slice(0, floats(first, 'before').length), floats(first, 'before'));
    assert.notDeepEqual(floats(first, 'after'), floats(first, 'before'));
    // (10a) and (10b) moved both halves of the old ones again.
    const image = 28 * 28;
    const moved = [...Array(10).keys()].filter((i) => {
      const part = (name: string, file: typeof first) =>
        floats(file, name)
          .slice(i * image, (i + 1) * image)
          .join();
      return part('after', second) !== part('after', first);
    });
    assert.equal(moved.length, 10);
  });

  it("names and lays out a checkpoint as PyTorch's state_dict", async () => {
    const { tensors } = await readSafetensors(join(whole, 'phase-01/model.safetensors'));
    assert.deepEqual(tensors.get('conv1.weight')?.shape, [16, 1, 3, 3]);
    assert.deepEqual(tensors.get('layer2.0.downsample.0.weight')?.shape, [32, 16, 1, 1]);
    assert.deepEqual(tensors.get('fc.weight')?.shape, [10, 64]);
    assert.ok(tensors.has('layer3.0.bn2.running_var'));
  });

  it('repeats itself bit for bit', async () => {
    const again = join(scratch, 'again');
    await runExperiment({ config, configDir: scratch, runDir: again, control: new RunControl() });
    assert.deepEqual(resultsOf(again), resultsOf(whole));
  });

  for (const stopAt of ['train', 'mnemonics-new', 'mnemonics-old', 'evaluate'] as const) {
    it(`stopped in ${stopAt} and resumed, ends with the same bits`, async () => {
      const runDir = join(scratch, `stopped-${stopAt}`);
      const control = new RunControl();
      const stopWhen = (event: RunEvent) => {
        if (
          event.stage === stopAt &&
          (event.kind === 'progress' || event.kind === 'stage-started') &&
          event.phase === (stopAt === 'mnemonics-old' ? 1 : 0)
        )
          control.stop().catch(() => undefined);
      };
      const stopped = await runExperiment({ config, configDir: scratch, runDir, control, onEvent: stopWhen });
      assert.equal(stopped.outcome, 'stopped');
      const resumed = await resumeExperiment({ runDir, control: new RunControl() });
      assert.equal(resumed.outcome, 'completed');
      assert.deepEqual(resultsOf(runDir), resultsOf(whole));
      assert.ok(resumed.view.marks.some(({ kind }) => kind === 'continued'));
    });
  }

  it('stopped between two phases and resumed, ends with the same bits', async () => {
    const runDir = join(scratch, 'stopped-between');
    const control = new RunControl();
    const stopWhen = (event: RunEvent) => void (event.kind === 'phase-ended' && event.phase === 0 && control.stop().catch(() => undefined));
    assert.equal((await runExperiment({ config, configDir: scratch, runDir, control, onEvent: stopWhen })).outcome, 'stopped');
    await resumeExperiment({ runDir, control: new RunControl() });
    assert.deepEqual(resultsOf(runDir), resultsOf(whole));
  });

  it('interrupted when only its end was missing, keeps the results of its last phase', async () => {
    const runDir = join(scratch, 'end-missing');
    cpSync(whole, runDir, { recursive: true });
    editLog(runDir, (lines) => lines.slice(0, -1));
    editRunFile(runDir, { status: 'running' });
    const { outcome, view } = await resumeExperiment({ runDir, control: new RunControl() });
    assert.equal(outcome, 'completed');
    assert.ok(view.phases.every(({ evaluation, state }) => evaluation !== null && state === 'done'));
  });

  it('keeps a λ that was taken where the process is killed before its next resume point', async () => {
    const runDir = join(scratch, 'lambda-kept');
    const control = new RunControl();
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'stage-started' && event.stage === 'distil')
        control
          .set('lambda', 0.9)
          .then(() => control.stop())
          .catch(() => undefined);
    };
    await runExperiment({ config, configDir: scratch, runDir, control, onEvent });
    const { view } = await resumeExperiment({ runDir, control: new RunControl() });
    assert.equal(view.config.lambda, 0.9);
    assert.notEqual(resultsOf(runDir)[MODEL_1], resultsOf(whole)[MODEL_1]);
  });

  it('carries out a wish that comes while another is carried out', async () => {
    const control = new RunControl();
    const answers: Promise<void>[] = [control.pause()];
    const stopped = await control.boundary({ ...carriers, onPause: async () => void answers.push(control.stop()) });
    await Promise.all(answers);
    assert.equal(stopped, true);
  });

  it('is not paused where its resume point could not be written', async () => {
    const control = new RunControl();
    const refused = assert.rejects(control.pause(), /disk/);
    const stopped = await control.boundary({ ...carriers, onPause: () => Promise.reject(new Error('the disk is full')) });
    await refused;
    assert.equal(stopped, false);
    assert.equal(control.isPaused, false);
  });

  it('takes a new λ at a step boundary, logs it, and it changes the model', async () => {
    const runDir = join(scratch, 'lambda');
    const control = new RunControl();
    const answers: Promise<void>[] = [];
    const { view } = await runExperiment({
      config,
      configDir: scratch,
      runDir,
      control,
      onEvent: (event) => {
        if (event.kind === 'phase-started' && event.phase === 1) answers.push(control.set('lambda', 0.9));
      },
    });
    await Promise.all(answers);
    assert.equal(view.config.lambda, 0.9);
    assert.ok(view.marks.some(({ kind, phase }) => kind === 'setting' && phase === 1));
    assert.equal(resultsOf(runDir)[MODEL_0], resultsOf(whole)[MODEL_0]);
    assert.notEqual(resultsOf(runDir)[MODEL_1], resultsOf(whole)[MODEL_1]);
  });

  it('refuses a λ out of range and goes on', async () => {
    const control = new RunControl();
    const answer = control.set('lambda', 1.5);
    const refused = assert.rejects(answer, /"lambda" can't be set to 1.5/);
    await control.boundary({ ...carriers, onSet: async () => assert.fail('it was taken') });
    await refused;
  });

  it('has nothing to resume once it is complete', async () => {
    await assert.rejects(resumeExperiment({ runDir: whole, control: new RunControl() }), /is complete/);
  });

  it('writes nothing where the phases do not divide the classes', async () => {
    const runDir = join(scratch, 'nothing');
    const wrong = parseConfig({ ...TINY, phases: 3 });
    await assert.rejects(
      runExperiment({ config: wrong, configDir: scratch, runDir, control: new RunControl() }),
      /"phases" must divide the 5 classes.*one of 1, 5/,
    );
    assert.throws(() => readFileSync(join(runDir, 'run.json')));
  });

  it('stops with a named error where a loss is no longer a number', async () => {
    const runDir = join(scratch, 'diverged');
    const wild = parseConfig({ ...TINY, alpha1: 10_000, batchSize: 10, epochs: 4, weightDecay: 1 });
    await assert.rejects(
      runExperiment({ config: wild, configDir: scratch, runDir, control: new RunControl() }),
      /no longer a number at phase 0, stage train, step \d+: lower "alpha1"/,
    );
    const events = await readEvents(join(runDir, 'events.jsonl'));
    assert.equal(foldEvents(events)?.state, 'failed');
  });
});
