import assert from 'node:assert/strict';
import { runIdSchema } from '../../../src/protocol/ids';
import { duration } from '../../../src/extension/run/figures';
import { runName } from '../../../src/extension/run/runName';

describe('durations', () => {
  for (const [seconds, text] of [
    [0.2, '1 s'],
    [59, '59 s'],
    [61, '1 min'],
    [3599, '1 h 0 min'],
    [7500, '2 h 5 min'],
  ] as const) {
    it(`reads ${seconds} s as ${text}`, () => assert.equal(duration(seconds), text));
  }
});

describe('the name of a run', () => {
  const now = new Date(2026, 0, 9, 7, 5, 3);
  for (const [experiment, name] of [
    ['demo', 'demo-20260109-070503'],
    ['λ = 0.5, twice', '0.5-twice-20260109-070503'],
    ['../..', 'experiment-20260109-070503'],
    ['x'.repeat(300), `${'x'.repeat(80)}-20260109-070503`],
  ] as const) {
    it(`of "${experiment.slice(0, 20)}" is a safe file name`, () => {
      assert.equal(runName(experiment, now), name);
      runIdSchema.parse(name);
    });
  }
});
