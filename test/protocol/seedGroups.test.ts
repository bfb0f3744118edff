import assert from 'node:assert/strict';
import type { ConfigInput } from '../../src/protocol/config';
import { parseConfig } from '../../src/protocol/parseConfig';
import { seedGroups, spread } from '../../src/protocol/seedGroups';

const run = (input: ConfigInput) => ({ view: { config: parseConfig(input) } });

describe('runs over seeds', () => {
  it('belong together where nothing but seed and name differs', () => {
    const runs = [
      run({ seed: 1, name: 'a' }),
      run({ seed: 1, lambda: 0.6 }),
      run({ seed: 2, name: 'b' }),
      run({ seed: 3 }),
      run({ seed: 2, lambda: 0.6 }),
    ];
    assert.deepEqual(
      seedGroups(runs).map((group) => group.runs.map((r) => runs.indexOf(r as (typeof runs)[number]))),
      [
        [0, 2, 3],
        [1, 4],
      ],
    );
    assert.deepEqual(seedGroups([run({ seed: 1 }), run({ seed: 2, epochs: 3 })]), []);
  });
  it('count each seed once: a replay is no further sample', () => {
    const runs = [run({ seed: 1 }), run({ seed: 1, name: 'replay' }), run({ seed: 2 })];
    assert.deepEqual(seedGroups(runs), [{ runs: [runs[0], runs[2]] }]);
    assert.deepEqual(seedGroups(runs.slice(0, 2)), []);
  });
  it('have a mean and a sample standard deviation', () => {
    assert.deepEqual(spread([1, 2, 3, null]), { mean: 2, deviation: 1 });
    assert.deepEqual(spread([5, undefined]), { mean: 5, deviation: null });
    assert.equal(spread([null]), null);
  });
});
