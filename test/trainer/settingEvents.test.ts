import assert from 'node:assert/strict';
import { planRun } from '../../src/learning/plan';
import type { RunPlace } from '../../src/protocol/events';
import { parseLiveChange } from '../../src/protocol/liveChange';
import { parseConfig } from '../../src/protocol/parseConfig';
import { settingEvents } from '../../src/trainer/settingEvents';

/** Four classes of 40 images: phase 0 trains 10 steps an epoch, learning makes 10 and 1. */
const DATA = { classNames: ['a', 'b', 'c', 'd'], trainCounts: [40, 40, 40, 40], testCounts: [10, 10, 10, 10] };
const BASE = { phases: 1, batchSize: 8, mnemonicsBatchSize: 8, exemplarsPerClass: 4, epochs: 6, mnemonicsEpochs: 4, mnemonicsOldEpochs: 5 };

function change(at: RunPlace, changes: readonly (readonly [string, unknown])[], more: object = {}) {
  const config = parseConfig({ ...BASE, fineTuneEpochs: 3, ...more });
  const planOf = (changed: typeof config) => planRun(changed, DATA);
  return settingEvents(
    changes.map(([field, value]) => parseLiveChange(field, value)),
    { config, plan: planOf(config), at, planOf },
  );
}
const at = (phase: number, stage: NonNullable<RunPlace['stage']>, step: number): RunPlace => ({ phase, stage, step });

describe('a change of a running run', () => {
  it('says what it was before, one after the other', () => {
    const events = change(at(0, 'train', 3), [
      ['lambda', 0.7],
      ['lambda', 0.9],
    ]);
    assert.deepEqual(events, [
      { kind: 'setting-changed', field: 'lambda', value: 0.7, previous: 0.5 },
      { kind: 'setting-changed', field: 'lambda', value: 0.9, previous: 0.7 },
    ]);
  });

  it('of epochs brings the plan under them', () => {
    const [event] = change(at(0, 'train', 3), [['epochs', 2]]);
    assert.ok(event?.kind === 'setting-changed' && event.plan);
    assert.deepEqual(
      event.plan.phases.map(({ stages }) => [stages[0]?.stage, stages[0]?.steps]),
      [
        ['train', 20],
        ['distil', 22],
      ],
    );
  });

  for (const [field, place, begun] of [
    ['epochs', at(0, 'train', 31), 4],
    ['mnemonicsEpochs', at(0, 'mnemonics-new', 25), 3],
    ['mnemonicsOldEpochs', at(1, 'mnemonics-old', 3), 3],
    ['fineTuneEpochs', at(1, 'fine-tune', 3), 2],
  ] as const) {
    it(`lets ${field} end its stage with the epoch it is in, and no earlier`, () => {
      assert.equal(change(place, [[field, begun]]).length, 1);
      assert.throws(() => change(place, [[field, begun - 1]]), {
        code: 'config-invalid',
        exitCode: 2,
        message: new RegExp(
          `"${field}" can't be set to ${begun - 1}: ${place.stage} of phase ${place.phase} is in its epoch ${begun} already; set it to ${begun} or more`,
        ),
      });
    });
  }

  it('to the epochs that are done ends the stage where it is', () => {
    const [event] = change(at(0, 'train', 30), [['epochs', 3]]);
    assert.ok(event?.kind === 'setting-changed');
    assert.equal(event.plan?.phases[0]?.stages[0]?.steps, 30);
  });

  it('of epochs is for later stages where one has ended, and refused where none is to come', () => {
    assert.equal(change(at(0, 'mnemonics-new', 0), [['epochs', 1]]).length, 1);
    for (const [field, place] of [
      ['epochs', at(1, 'select', 0)],
      ['mnemonicsEpochs', at(1, 'mnemonics-old', 0)],
      ['mnemonicsOldEpochs', at(1, 'fine-tune', 0)],
      ['fineTuneEpochs', at(1, 'evaluate', 0)],
    ] as const)
      assert.throws(() => change(place, [[field, 9]]), {
        code: 'not-possible-now',
        message: new RegExp(`"${field}" can't change any more`),
      });
  });

  it('is refused where the field does nothing in the run, with the reason', () => {
    const place = at(0, 'train', 0);
    assert.throws(() => change(place, [['temperature', 3]], { host: 'lucir' }), {
      exitCode: 2,
      message: /"temperature" does nothing .*host lucir/,
    });
    for (const field of ['beta1', 'beta2', 'alpha2', 'mnemonicsEpochs', 'mnemonicsOldEpochs'])
      assert.throws(
        () => change(place, [[field, 3]], { exemplarMethod: 'herding' }),
        /does nothing in this run.*“Exemplar method” is mnemonics/,
      );
  });

  it('is refused with the whole of what it was asked with', () => {
    assert.throws(
      () =>
        change(at(0, 'train', 31), [
          ['alpha1', 0.5],
          ['epochs', 1],
        ]),
      /"epochs"/,
    );
  });
});

describe('what a running run may be told to change', () => {
  it('is every number of the loss, every step size and the epochs', () => {
    for (const field of ['lambda', 'temperature', 'alpha1', 'alpha2', 'beta1', 'beta2'] as const)
      assert.deepEqual(parseLiveChange(field, 0.5), { field, value: 0.5 });
    for (const field of ['epochs', 'mnemonicsEpochs', 'mnemonicsOldEpochs', 'fineTuneEpochs'] as const)
      assert.deepEqual(parseLiveChange(field, 5), { field, value: 5 });
  });

  for (const [field, value, message] of [
    ['lambda', 1.5, /^"lambda" can't be set to 1.5: it must be at most 1/],
    ['temperature', 0, /"temperature" can't be set to 0: it must be greater than 0/],
    ['epochs', 0, /"epochs" can't be set to 0: it must be at least 1/],
    ['epochs', 2.5, /"epochs" can't be set to 2.5: it must be a whole number/],
    ['beta1', 'much', /"beta1" can't be set to much: it must be a number/],
    ['alpha1', undefined, /"alpha1" can't be set to undefined: it must be a number/],
    ['batchSize', 8, /"batchSize" can't change while a run goes on; these can: lambda, /],
    ['lamda', 0.5, /"lamda" is not a field of an experiment; these can/],
    ['__proto__', 1, /"__proto__" is not a field/],
  ] as const)
    it(`is not ${field} = ${value}`, () =>
      assert.throws(() => parseLiveChange(field, value), { code: 'config-invalid', exitCode: 2, message }));
});
