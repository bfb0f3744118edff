import { tensor } from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCpu } from '../../src/engine/cpu/load';
import { RandomStream } from '../../src/learning/randomStreams';
import type { RunEvent } from '../../src/protocol/events';
import { parseConfig } from '../../src/protocol/parseConfig';
import { ExemplarMemory } from '../../src/trainer/exemplarMemory';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { asStored, augmentedImages, withOthers } from '../../src/trainer/stages/exemplars/innerImages';
import type { StageContext } from '../../src/trainer/stages/stage';
import { resultsOf } from './support/results';

const TINY = {
  engine: 'wasm',
  phaseSizes: [3, 2],
  trainPerClass: 8,
  testPerClass: 2,
  exemplarsPerClass: 2,
  batchSize: 20,
  epochs: 3,
  innerSteps: 1,
  mnemonicsEpochs: 1,
  mnemonicsOldEpochs: 1,
  mnemonicsBatchSize: 20,
  fineTuneEpochs: 1,
  innerStart: 'trajectory',
  innerReplay: 'others',
  mnemonicsAugmentation: 'as-training',
} as const;

const SHAPE = { height: 9, width: 8, channels: 3 };
const SIZE = 9 * 8 * 3;
const random = (name: string) => new RandomStream(1, name);
const numbers = (count: number, name: string) => {
  const stream = random(name);
  return Float32Array.from({ length: count }, () => stream.normal());
};

/** What the options ask of a stage's context: the data set's form, the memory and the config. */
function contextOf(memory: ExemplarMemory): StageContext {
  const context = {
    config: () => parseConfig({ augmentation: 'crop-flip' }),
    data: { ...SHAPE, mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25] },
    state: { memory },
  };
  return context as unknown as StageContext;
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);

describe('options of the inner loop', function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-inner-'));
  before(() => loadCpu().then(() => undefined));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('augmentation is affine, and its way back is the transpose: ⟨A(x) − A(0), y⟩ = ⟨x, Aᵀ(y)⟩', async () => {
    const context = contextOf(new ExemplarMemory(SHAPE));
    const [m, classes] = [5, new Int32Array(5)];
    const [x, y] = [numbers(m * SIZE, 'x'), numbers(m * SIZE, 'y')];
    const shown = (values: Float32Array) => augmentedImages(asStored(tensor(values, [m, 9, 8, 3]), classes), context, random('change'));
    const changed = await shown(x);
    const [ofX, ofZero] = [changed, await shown(new Float32Array(m * SIZE))].map(({ images }) => images.dataSync() as Float32Array);
    const back = (await (await changed.pullBack(tensor(y, [m, 9, 8, 3]))).data()) as Float32Array;
    const change = (ofX ?? x).map((value, i) => value - (ofZero?.[i] ?? 0));
    assert.notDeepEqual(ofX, x);
    assert.ok(Math.abs(dot(change, y) - dot(x, back)) < 1e-3, `${dot(change, y)} is not ${dot(x, back)}`);
  });

  it('others are as many exemplars of other classes, and no gradient goes to them', async () => {
    const memory = new ExemplarMemory(SHAPE);
    for (const index of [0, 1, 2, 3]) memory.add(index as never, numbers(3 * SIZE, `class ${index}`));
    const own = tensor(memory.gather([3, 4, 5]), [3, 9, 8, 3]);
    const inner = withOthers(asStored(own, Int32Array.of(1, 1, 1)), contextOf(memory), random('others'));
    assert.deepEqual(inner.images.shape, [6, 9, 8, 3]);
    assert.deepEqual([...inner.classes.slice(0, 3)], [1, 1, 1]);
    assert.ok([...inner.classes.slice(3)].every((index) => index !== 1));
    const gradient = numbers(6 * SIZE, 'gradient');
    const back = await inner.pullBack(tensor(gradient, [6, 9, 8, 3]));
    assert.deepEqual(await back.data(), gradient.slice(0, 3 * SIZE));
  });

  for (const [title, whole, more] of [
    ['all of them', join(scratch, 'whole'), {}],
    ['them and kernels that are frozen from phase 1 on', join(scratch, 'whole with transfer'), { weightTransfer: true }],
  ] as const)
    it(`a run with ${title}, stopped in training and in learning and resumed, ends with the same bits`, async () => {
      const config = parseConfig({ ...TINY, ...more });
      const parts = `${whole}, in parts`;
      await runExperiment({ config, configDir: scratch, runDir: whole, control: new RunControl() });
      let control = new RunControl();
      const stopped = new Set<string>();
      const onEvent = ({ kind, phase, stage }: RunEvent) => {
        const place = `${phase} ${stage}`;
        if (kind !== 'stage-started' || stage === 'select' || stage === 'evaluate' || stopped.has(place)) return;
        stopped.add(place);
        control.stop().catch(() => undefined);
      };
      let { outcome } = await runExperiment({ config, configDir: scratch, runDir: parts, control, onEvent });
      while (outcome === 'stopped') {
        control = new RunControl();
        ({ outcome } = await resumeExperiment({ runDir: parts, control, onEvent }));
      }
      assert.ok(stopped.size >= 5, [...stopped].join());
      assert.deepEqual(resultsOf(parts), resultsOf(whole));
    });

  it('without them exemplars become something else', async () => {
    const plain = join(scratch, 'plain');
    const config = parseConfig({ ...TINY, innerStart: 'model', innerReplay: 'none', mnemonicsAugmentation: 'none' });
    await runExperiment({ config, configDir: scratch, runDir: plain, control: new RunControl() });
    const bytes = (runDir: string) => readFileSync(join(runDir, 'phase-01/exemplars.safetensors'));
    assert.notDeepEqual(bytes(plain), bytes(join(scratch, 'whole')));
  });
});
