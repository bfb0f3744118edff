import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluationFileSchema } from '../../src/protocol/evaluationFile';
import type { RunEvent } from '../../src/protocol/events';
import { classIndexSchema } from '../../src/protocol/ids';
import type { Config } from '../../src/protocol/config';
import { parseConfig } from '../../src/protocol/parseConfig';
import { foldEvents } from '../../src/protocol/foldEvents';
import { readSafetensors } from '../../src/store/readSafetensors';
import { ExemplarMemory } from '../../src/trainer/exemplarMemory';
import { changesInPhase, stillExemplars } from '../../src/trainer/learningEffect';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { PLAN } from '../store/support/sampleRun';

/** Three phases of the digits' first four classes, whose memory shrinks from four images of a class to two. */
const TINY = {
  engine: 'wasm',
  trainPerClass: 8,
  testPerClass: 6,
  phaseSizes: [2, 1, 1],
  memory: 'total',
  exemplarsTotal: 8,
  batchSize: 16,
  epochs: 1,
  alpha1Milestones: [],
  innerSteps: 1,
  mnemonicsEpochs: 2,
  mnemonicsOldEpochs: 1,
  mnemonicsBatchSize: 8,
  mnemonicsClassesPerStep: 1,
  exemplarRange: 'data-range',
  beta1: 0.05,
  beta2: 0.05,
  fineTuneEpochs: 1,
} as const;
const IMAGE = 28 * 28;

describe('what learning made of the exemplars', function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-effect-'));
  const whole = join(scratch, 'whole');
  const events: RunEvent[] = [];
  const start = { configDir: scratch, control: new RunControl() };
  const evaluation = (runDir: string, phase: number) =>
    evaluationFileSchema.parse(JSON.parse(readFileSync(join(runDir, `phase-0${phase}/evaluation.json`), 'utf8')));
  const exemplars = async (phase: number) => {
    const { tensors, metadata } = await readSafetensors(join(whole, `phase-0${phase}/exemplars.safetensors`));
    const images = (name: string) => {
      const data = tensors.get(name)?.data as Float32Array;
      return Array.from({ length: data.length / IMAGE }, (_, i) => data.slice(i * IMAGE, (i + 1) * IMAGE));
    };
    const numbers = (name: string) => [...(tensors.get(name)?.data as Int32Array)];
    return { before: images('before'), after: images('after'), labels: numbers('labels'), classes: numbers('classes'), metadata };
  };

  before(() => runExperiment({ ...start, config: parseConfig(TINY), runDir: whole, onEvent: (event) => events.push(event) }));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('is in an event, in evaluation.json and in the view, the same in each', () => {
    const view = foldEvents(events);
    const told = events.flatMap((event) => (event.kind === 'exemplars-learned' ? [event] : []));
    assert.equal(told.length, 3);
    told.forEach(({ losses, nearestMean, moved }, phase) => {
      assert.deepEqual(evaluation(whole, phase).learning, { losses, nearestMean, moved });
      assert.deepEqual(view?.phases[phase]?.learning, { losses, nearestMean, moved });
    });
  });

  it('compares new exemplars as chosen and now, and old ones as chosen, as stored and now', () => {
    const [first, second, third] = [0, 1, 2].map((phase) => evaluation(whole, phase).learning);
    assert.ok(first?.losses.new && first.losses.old === null && first.moved.old === null);
    for (const later of [second, third]) {
      assert.ok(later?.losses.new && later.losses.old);
      assert.notEqual(later.losses.new.chosen, later.losses.new.now);
      const { chosen, stored, now } = later.losses.old;
      assert.equal(new Set([chosen, stored, now]).size, 3);
      assert.ok(later.moved.new > 1e-3 && (later.moved.old ?? 0) > 1e-3);
    }
    assert.deepEqual(
      third?.nearestMean.map(({ age }) => age),
      [0, 1, 2],
    );
  });

  it('has as its nearest-mean accuracy now the one that the phase is evaluated by', () => {
    const { learning, metrics } = evaluation(whole, 2);
    assert.deepEqual(learning?.nearestMean.map(({ now }) => now).reverse(), metrics.nearestMean.groupAccuracies);
  });

  it('keeps the memory within its total, each class the first of what it had, with their labels and what they were when chosen', async () => {
    const [first, second, third] = await Promise.all([0, 1, 2].map(exemplars));
    assert.deepEqual(
      [first, second, third].map((phase) => phase?.classes),
      [
        [0, 0, 0, 0, 1, 1, 1, 1],
        [0, 0, 1, 1, 2, 2],
        [0, 0, 1, 1, 2, 2, 3, 3],
      ],
    );
    const kept = [0, 1, 4, 5];
    assert.deepEqual(
      second?.before.slice(0, 4),
      kept.map((i) => first?.before[i]),
    );
    assert.deepEqual(
      second?.labels.slice(0, 4),
      kept.map((i) => first?.labels[i]),
    );
    assert.deepEqual(third?.before.slice(0, 6), second?.before);
    assert.deepEqual(third?.labels.slice(0, 6), second?.labels);
  });

  it('leaves no pixel darker than black or brighter than white', async () => {
    const { after, metadata } = await exemplars(2);
    const [mean, std] = [JSON.parse(metadata['mean'] ?? '')[0] as number, JSON.parse(metadata['std'] ?? '')[0] as number];
    for (const value of after.flatMap((image) => [...image])) assert.ok(value >= -mean / std - 1e-6 && value <= (1 - mean) / std + 1e-6);
  });

  for (const stage of ['mnemonics-old', 'evaluate'] as const) {
    it(`is the same where the run was interrupted in ${stage}`, async () => {
      const runDir = join(scratch, stage);
      const control = new RunControl();
      const onEvent = (event: RunEvent) => {
        if (event.kind === 'stage-started' && event.stage === stage && event.phase === 1) control.stop().catch(() => undefined);
      };
      assert.equal((await runExperiment({ ...start, config: parseConfig(TINY), control, runDir, onEvent })).outcome, 'stopped');
      await resumeExperiment({ runDir, control: new RunControl() });
      for (const phase of [1, 2]) assert.deepEqual(evaluation(runDir, phase), evaluation(whole, phase));
    });
  }

  it('is nothing where exemplars are chosen and not learned', async () => {
    const runDir = join(scratch, 'random');
    const { view } = await runExperiment({
      ...start,
      control: new RunControl(),
      config: parseConfig({ ...TINY, exemplarMethod: 'random' }),
      runDir,
    });
    assert.ok(view.phases.every(({ learning }) => learning === null));
    assert.equal(evaluation(runDir, 1).learning, null);
  });
});

describe('the warning of exemplars that did not move', () => {
  const config = parseConfig({});
  /** Two classes of two exemplars, and two more whose own have moved; the old ones have moved before this phase alone. */
  function memoryOf(oldMoved: boolean, newMoved: boolean): ExemplarMemory {
    const memory = new ExemplarMemory({ height: 1, width: 1, channels: 1 });
    for (const index of [0, 1, 2, 3]) memory.add(classIndexSchema.parse(index), new Float32Array(2));
    memory.scatter([0, 1, 2, 3], new Float32Array(4).fill(0.5));
    memory.stored = memory.after.slice();
    if (oldMoved) memory.scatter([0, 1, 2, 3], new Float32Array(4).fill(0.4));
    if (newMoved) memory.scatter([4, 5, 6, 7], new Float32Array(4).fill(0.1));
    return memory;
  }
  const still = (of: Config, memory: ExemplarMemory) => stillExemplars(of, PLAN, 1, changesInPhase(PLAN, 1, memory, memory.changes()));

  it('names new and old ones apart, by what they did in this phase', () => {
    assert.deepEqual(still(config, memoryOf(true, true)), []);
    assert.deepEqual(still(config, memoryOf(false, true)), [
      'Learning moved the old exemplars by less than 0.0001 on average in phase 1; raise "beta2", or choose another "exemplarOptimizer".',
    ]);
    assert.match(still(config, memoryOf(true, false)).join(), /the new exemplars by less .* raise "beta1"/);
    assert.equal(still(config, memoryOf(false, false)).length, 2);
  });

  it('names the classes where it is some of them, and a field that is 0', () => {
    const memory = memoryOf(true, true);
    memory.scatter([6, 7], new Float32Array(2));
    assert.match(still({ ...config, innerSteps: 0 }, memory).join(), /the new exemplars of digit 6 by less .* "innerSteps" is 0: raise it/);
  });

  it('is silent where old ones are not to be adapted, and where none are learned', () => {
    assert.deepEqual(still({ ...config, mnemonicsOldEpochs: 0 }, memoryOf(false, true)), []);
    assert.deepEqual(still({ ...config, exemplarMethod: 'herding' }, memoryOf(false, false)), []);
  });
});
