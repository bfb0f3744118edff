import assert from 'node:assert/strict';
import type { DataSet } from '../../src/data/dataSet';
import { heldOutOfEachClass } from '../../src/learning/heldOut';
import { planRun } from '../../src/learning/plan';
import { configSchema } from '../../src/protocol/config';
import type { ClassIndex } from '../../src/protocol/ids';
import { batchesPerEpoch } from '../../src/learning/epochs';
import { rowsOfStep } from '../../src/trainer/batches';
import { ExemplarMemory } from '../../src/trainer/exemplarMemory';
import { splitExemplars, splitNewImages } from '../../src/trainer/heldOut';
import type { StageContext } from '../../src/trainer/stages/stage';

const IMAGE = { height: 1, width: 1, channels: 1 };
const CLASSES = 6;
const PER_CLASS = 40;

/** Phase `phase` of a run of 3 + 1 + 2 classes, with a memory of the earlier ones. */
function contextOf(host: 'bic' | 'icarl', phase: number, given: Record<string, unknown> = {}): StageContext {
  const config = configSchema.parse({ host, phaseSizes: [3, 1, 2], exemplarsPerClass: 20, ...given });
  const counts = new Array<number>(CLASSES).fill(PER_CLASS);
  const plan = planRun(config, { classNames: counts.map((_, i) => `c${i}`), trainCounts: counts, testCounts: counts });
  const labels = Uint8Array.from({ length: CLASSES * PER_CLASS }, (_, i) => i % CLASSES);
  const part = { images: Uint8Array.from(labels.keys()), labels };
  const data = { ...IMAGE, mean: [0], std: [1], train: part, test: part } as unknown as DataSet;
  const memory = new ExemplarMemory(IMAGE);
  const before = plan.phases[phase - 1];
  const old = plan.phases.slice(0, phase).flatMap(({ classes }) => classes);
  for (const { index } of old) memory.add(index as ClassIndex, new Float32Array(before?.exemplarsPerClass ?? 0));
  const current = plan.phases[phase];
  assert.ok(current);
  return { config: () => config, data, plan, phase: current, state: { memory } } as unknown as StageContext;
}

const countsOf = (classes: ArrayLike<number>) => {
  const counts = new Map<number, number>();
  for (const c of Array.from(classes)) counts.set(c, (counts.get(c) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
};

describe('what BiC holds out', () => {
  it('is a tenth of the exemplars of each old class, and as many images of each new one', () => {
    const context = contextOf('bic', 2);
    const { memory } = context.state;
    const exemplars = splitExemplars(context, 0, 4);
    const images = splitNewImages(context, context.phase.classes);
    const held = [...exemplars.heldOut.map((row) => memory.classes[row] ?? -1), ...images.heldOut.classes];
    assert.deepEqual(
      countsOf(held),
      [0, 1, 2, 3, 4, 5].map((c) => [c, 2]),
    );
    assert.deepEqual(
      countsOf(images.train.classes),
      [4, 5].map((c) => [c, PER_CLASS - 2]),
    );
  });

  it('leaves each class the same number of exemplars to fine-tune on', () => {
    const context = contextOf('bic', 2);
    const { memory } = context.state;
    for (const index of [4, 5]) memory.add(index as ClassIndex, new Float32Array(20));
    const { train } = splitExemplars(context, 0, CLASSES);
    assert.deepEqual(
      countsOf(train.map((row) => memory.classes[row] ?? -1)),
      [0, 1, 2, 3, 4, 5].map((c) => [c, 18]),
    );
  });

  it('is apart from what is trained on, and nothing is lost', () => {
    const context = contextOf('bic', 1);
    const { train, heldOut } = splitExemplars(context, 0, 3);
    assert.deepEqual(
      [...train, ...heldOut].sort((a, b) => a - b),
      [...context.state.memory.classes.keys()],
    );
    const pixels = (source: { images: { count: number; write(i: number, to: Float32Array, at: number): unknown } }) =>
      Array.from({ length: source.images.count }, (_, i) => {
        const pixel = new Float32Array(1);
        source.images.write(i, pixel, 0);
        return Math.round((pixel[0] ?? NaN) * 255);
      });
    const images = splitNewImages(context, context.phase.classes);
    const all = [...pixels(images.train), ...pixels(images.heldOut)];
    assert.equal(new Set(all).size, PER_CLASS);
  });

  it('stays the same exemplars when memory shrinks in the phase', () => {
    const context = contextOf('bic', 2, { memory: 'total', exemplarsTotal: 60 });
    const { memory } = context.state;
    assert.deepEqual([memory.count / 4, context.phase.exemplarsPerClass], [15, 10]);
    memory.after.forEach((_, row) => (memory.after[row] = row));
    const valuesOf = () => [...memory.gather([...splitExemplars(context, 0, 4).heldOut])];
    const before = valuesOf();
    memory.shrink(context.phase.exemplarsPerClass ?? 0);
    assert.deepEqual(valuesOf(), before);
  });

  it('is drawn anew in each phase, and the same whenever it is asked for', () => {
    const held = (phase: number) => splitExemplars(contextOf('bic', phase), 0, 3).heldOut;
    assert.deepEqual(held(1), held(1));
    assert.notDeepEqual(held(1), held(2));
  });

  it('is nothing in phase 0 and for other hosts, and never less than one image elsewhere', () => {
    assert.equal(splitNewImages(contextOf('bic', 0), contextOf('bic', 0).phase.classes).heldOut.classes.length, 0);
    assert.equal(splitExemplars(contextOf('icarl', 2), 0, 4).heldOut.length, 0);
    const bic = configSchema.parse({ host: 'bic' });
    assert.deepEqual(
      [2, 4, 20, 26].map((perClass) => heldOutOfEachClass(bic, 1, perClass)),
      [1, 1, 2, 3],
    );
  });

  it("must leave enough images to choose exemplars from: the plan says which class hasn't", () => {
    assert.throws(
      () => contextOf('bic', 1, { exemplarsPerClass: 39 }),
      /Class c\d has only 40 training images.*holds out 4.*"trainPerClass"/,
    );
  });
});

describe('the batches of balanced fine-tuning', () => {
  for (const host of ['bic', 'icarl'] as const) {
    it(`show each class the same number of images in an epoch, old and new ones alike: ${host}`, () => {
      const context = contextOf(host, 2);
      const { memory } = context.state;
      for (const index of [4, 5]) memory.add(index as ClassIndex, new Float32Array(20));
      const { train } = splitExemplars(context, 0, CLASSES);
      const batchSize = 16;
      for (const epoch of [0, 1]) {
        const perEpoch = batchesPerEpoch(train.length, batchSize);
        const rows = Array.from({ length: perEpoch }, (_, i) => [
          ...rowsOfStep(train.length, batchSize, epoch * perEpoch + i, 1, ['fine-tune', 2]),
        ]).flat();
        const classes = rows.map((row) => memory.classes[train[row] ?? -1] ?? -1);
        const each = host === 'bic' ? 18 : 20;
        assert.deepEqual(
          countsOf(classes),
          [0, 1, 2, 3, 4, 5].map((c) => [c, each]),
        );
      }
    });
  }
});

describe('the plan of a run with BiC', () => {
  it('corrects bias after fine-tuning in each phase but the first, and counts steps without what is held out', () => {
    const given = { batchSize: 10, epochs: 1, fineTuneEpochs: 1, exemplarMethod: 'herding', bicFitSteps: 7 };
    const stages = contextOf('bic', 2, given).plan.phases.map((p) => p.stages.map(({ stage, steps }) => `${stage} ${steps}`));
    assert.deepEqual(stages[0], ['train 12', 'select 3', 'evaluate 2']);
    // 2 new classes of 38 images, 4 old ones of 18; 6 classes of 18.
    assert.deepEqual(stages[2], ['distil 15', 'select 2', 'fine-tune 11', 'fit-bias 7', 'evaluate 3']);
    assert.ok(contextOf('icarl', 2, given).plan.phases.every((p) => p.stages.every(({ stage }) => stage !== 'fit-bias')));
  });
});
