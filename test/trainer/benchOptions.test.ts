import assert from 'node:assert/strict';
import { LabError } from '../../src/protocol/errors';
import { BENCH_OPTIONS, benchCase, parseBenchOptions, workerArguments } from '../../src/trainer/bench/benchOptions';
import { spreadOf } from '../../src/trainer/bench/statistics';
import { benchCommand } from '../../src/trainer/commands/bench';
import { parseCall } from '../../src/trainer/commands/parseCall';

const parsed = (...args: string[]) => {
  const call = parseCall(['bench', ...args], [benchCommand]);
  assert.ok(call.kind === 'command');
  return parseBenchOptions(call.values as Parameters<typeof parseBenchOptions>[0]);
};

describe('The options of bench', () => {
  it("are the paper's sizes where nothing is said", () => {
    const { engines, network, sizes, innerSteps, repeats, only } = parsed();
    assert.deepEqual(
      { engines, network, sizes, innerSteps, repeats, only },
      {
        engines: ['auto'],
        network: 'resnet32',
        sizes: { batch: 128, classes: 100, exemplars: 128, data: 128 },
        innerSteps: [5],
        repeats: null,
        only: ['training', 'evaluation', 'outer-step'],
      },
    );
  });

  it('take lists by commas and by repetition, each thing once', () => {
    const { innerSteps, engines, only } = parsed(
      '--inner-steps',
      '1,5',
      '--inner-steps',
      '20,5',
      '--engine',
      'native, wasm',
      '--only',
      'training',
    );
    assert.deepEqual([innerSteps, engines, only], [[1, 5, 20], ['native', 'wasm'], ['training']]);
  });

  const WRONG: [option: string, value: string, message: RegExp][] = [
    ['batch', '1', /--batch must be a whole number from 2 to 4096; it is "1"\.$/],
    ['classes', '7.5', /--classes must be a whole number/],
    ['inner-steps', '5,', /--inner-steps must be a whole number from 0 to 1000; it is ""\.$/],
    ['repeats', 'many', /--repeats must be/],
    ['seconds', '0', /--seconds must be a number from/],
    ['network', 'resnet9', /--network knows no "resnet9"; use resnet8, /],
    ['engine', 'cuda', /--engine knows no "cuda"; use auto, all, native, /],
    ['only', 'train', /--only knows no "train"; use training, evaluation, /],
  ];
  for (const [option, value, message] of WRONG)
    it(`refuse --${option} ${value || '""'} with exit code 2 and a sentence`, () => {
      assert.throws(
        () => parsed(`--${option}`, value),
        (error) => error instanceof LabError && error.exitCode === 2 && message.test(error.message),
      );
    });

  it('reach a measuring process as they were given', () => {
    const options = parsed(
      '--network',
      'resnet20',
      '--batch',
      '64',
      '--classes',
      '10',
      '--exemplars',
      '20',
      '--data',
      '32',
      '--seconds',
      '0.5',
    );
    const bench = benchCase(options, 'wasm', 'outer-step', 3);
    const [command, ...args] = workerArguments(bench);
    const { engines, innerSteps, worker, ...rest } = parsed(...args);
    assert.equal(command, 'bench');
    assert.deepEqual(benchCase({ ...rest, engines, innerSteps, worker }, 'wasm', worker ?? 'training', innerSteps[0] ?? -1), bench);
  });

  it('are all in the help but those of a measuring process', () => {
    const hidden = Object.entries(BENCH_OPTIONS).filter(([, spec]) => 'hidden' in spec);
    assert.deepEqual(
      hidden.map(([name]) => name),
      ['worker', 'ops'],
    );
  });
});

describe('The spread of repeats', () => {
  it("is numpy's median and quartiles", () => {
    assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, quartiles: [1.75, 3.25] });
    assert.deepEqual(spreadOf([7]), { median: 7, quartiles: [7, 7] });
  });
});
