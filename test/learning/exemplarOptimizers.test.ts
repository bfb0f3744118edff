import '@tensorflow/tfjs-backend-cpu';
import assert from 'node:assert/strict';
import { scalar, setBackend, tensor, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import { adamCorrections, exemplarUpdate, halvedBeta, type ExemplarState } from '../../src/learning/exemplarOptimizers';
import type { Config } from '../../src/protocol/config';

/** Two images of one pixel and two channels. */
const SHAPE: [number, number, number, number] = [2, 1, 1, 2];
const START = [0.5, -1, 2, 0.25];
const GRADIENT = [0.1, -0.2, 0.3, 0];

function run(optimizer: Config['exemplarOptimizer'], beta: number, updates: number, range?: { lowest: Tensor; highest: Tensor }): number[] {
  const zeros = () => tensor(new Float32Array(4), SHAPE);
  let state: ExemplarState = { exemplars: tensor(START, SHAPE), firstMoment: zeros(), secondMoment: zeros() };
  for (let t = 1; t <= updates; t++) {
    const { first, second } = adamCorrections(t);
    state = exemplarUpdate(optimizer)({
      ...state,
      ...range,
      gradient: tensor(GRADIENT, SHAPE),
      step: scalar(beta),
      firstCorrection: scalar(first),
      secondCorrection: scalar(second),
    });
  }
  return [...state.exemplars.dataSync()];
}

const near = (actual: number[], expected: number[], tolerance = 1e-6) =>
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - (expected[i] ?? NaN)) <= tolerance, `${actual.join()} is not ${expected.join()}`),
  );

describe('the exemplar optimisers', () => {
  before(async () => void (await setBackend('cpu')));

  it('sgd goes β along the gradient', () => {
    near(
      run('sgd', 0.5, 1),
      START.map((x, i) => x - 0.5 * (GRADIENT[i] ?? 0)),
    );
  });

  it('normalized-sgd takes a step of root mean square β', () => {
    const moved = run('normalized-sgd', 0.02, 1).map((x, i) => x - (START[i] ?? 0));
    near([Math.sqrt(moved.reduce((sum, m) => sum + m * m, 0) / 4)], [0.02]);
  });

  it('adam goes β along the sign of a steady gradient, whatever its size', () => {
    near(run('adam', 0.01, 3), [0.5 - 0.03, -1 + 0.03, 2 - 0.03, 0.25], 1e-5);
  });

  it('put pixels that leave the range back on its end, channel by channel, and leave the bits of others', () => {
    const range = { lowest: tensor1d([-1, -1.05]), highest: tensor1d([1.9, 1]) };
    const free = run('sgd', 0.5, 1);
    const kept = run('sgd', 0.5, 1, range);
    near(kept, [0.45, -0.9, 1.85, 0.25]);
    assert.deepEqual(kept, free);
    near(run('sgd', -0.5, 1, range), [0.55, -1.05, 1.9, 0.25], 1e-6);
  });

  it('halve β every so many epochs', () => {
    assert.deepEqual(
      [0, 9, 10, 19, 20].map((epoch) => halvedBeta(0.01, epoch, 10)),
      [0.01, 0.01, 0.005, 0.005, 0.0025],
    );
  });
});
