import assert from 'node:assert/strict';
import { changesToRepeat } from '../../src/protocol/countedChanges';
import { eventSchema, type EventBody, type Plan, type RunEvent, type RunPlace } from '../../src/protocol/events';
import { foldEvents } from '../../src/protocol/foldEvents';
import type { RunView } from '../../src/protocol/runView';
import { ENGINE, PLAN, runStarted } from '../store/support/sampleRun';

type Place = [phase: number, stage: RunPlace['stage'], step: number];
type Entry = readonly [EventBody, ...Place];

/** Two phases of train or distil, then evaluate. */
const planOf = (steps: number): Plan => ({
  phases: PLAN.phases.map((phase, p) => ({
    ...phase,
    stages: [
      { stage: p === 0 ? 'train' : 'distil', steps, images: 10 * steps },
      { stage: 'evaluate', steps: 2, images: 5 },
    ],
  })),
});
const started = (more: object = {}): Entry => [{ ...runStarted({ epochs: 10 }), plan: planOf(100), ...more } as EventBody, 0, null, 0];
const set = (field: 'lambda' | 'beta1' | 'epochs', previous: number, value: number, place: Place): Entry => [
  { kind: 'setting-changed', field, value, previous, ...(field === 'epochs' ? { plan: planOf(10 * value) } : {}) },
  ...place,
];
const stageEnded = (...place: Place): Entry => [{ kind: 'stage-ended', seconds: 1 }, ...place];
const continued = (...place: Place): Entry => [{ kind: 'run-continued', engine: ENGINE, pid: 2 }, ...place];

function fold(...entries: readonly Entry[]): RunView {
  const events = entries.map(([body, phase, stage, step], seq): RunEvent =>
    eventSchema.parse({ schemaVersion: 1, seq, time: seq, phase, stage, step, ...body }),
  );
  const view = foldEvents(events);
  assert.ok(view);
  return view;
}
const counted = (view: RunView) => view.changes.map(({ field, value, phase, stage, step }) => [field, value, phase, stage, step]);
const steps = (view: RunView) => view.phases.map(({ stages }) => stages.map((stage) => stage.steps));

describe('changes of a running run', () => {
  it('count from where they were made, and are marked there by symbol or title', () => {
    const view = fold(started(), set('lambda', 0.5, 0.7, [0, 'train', 7]), set('epochs', 10, 20, [0, 'train', 9]));
    assert.deepEqual(counted(view), [
      ['lambda', 0.7, 0, 'train', 7],
      ['epochs', 20, 0, 'train', 9],
    ]);
    assert.deepEqual([view.config.lambda, view.config.epochs, view.beginning.config.epochs], [0.7, 20, 10]);
    assert.deepEqual(
      view.marks.map(({ kind, text, step }) => [kind, text, step]),
      [
        ['setting', 'λ: 0.5 → 0.7', 7],
        ['setting', 'Epochs: 10 → 20', 9],
      ],
    );
  });

  it('of epochs give new steps to the stage at work and to later ones, and leave those that have ended', () => {
    const view = fold(started(), stageEnded(0, 'train', 100), set('epochs', 10, 3, [1, 'distil', 20]));
    assert.deepEqual(steps(view), [
      [100, 2],
      [30, 2],
    ]);
    assert.deepEqual(
      view.plan.phases.map(({ stages }) => stages[0]),
      [
        { stage: 'train', steps: 100, images: 1000 },
        { stage: 'distil', steps: 30, images: 300 },
      ],
    );
    assert.equal(view.beginning.plan.phases[1]?.stages[0]?.steps, 100);
  });

  it('stay where the run goes on behind them', () => {
    const view = fold(started(), set('lambda', 0.5, 0.7, [0, 'train', 7]), continued(0, 'train', 7));
    assert.deepEqual(counted(view), [['lambda', 0.7, 0, 'train', 7]]);
  });

  it('count from the place where the run goes on before them, in their order', () => {
    const view = fold(
      started(),
      set('beta1', 0.01, 1, [0, 'train', 2]),
      set('lambda', 0.5, 0.7, [0, 'train', 7]),
      set('lambda', 0.7, 0.9, [0, 'evaluate', 1]),
      continued(0, 'train', 4),
    );
    assert.deepEqual(counted(view), [
      ['beta1', 1, 0, 'train', 2],
      ['lambda', 0.7, 0, 'train', 4],
      ['lambda', 0.9, 0, 'train', 4],
    ]);
    assert.deepEqual([view.config.lambda, view.config.beta1], [0.9, 1]);
    assert.deepEqual(
      view.marks.filter(({ kind }) => kind === 'setting').map(({ step }) => step),
      [2, 7, 1],
      'marked where they were made',
    );
  });

  it('of epochs hold for every stage from where the run goes on, also one that had ended', () => {
    const again = fold(started(), stageEnded(0, 'train', 100), set('epochs', 10, 3, [1, 'distil', 0]), continued(0, 'train', 0));
    assert.deepEqual(steps(again), [
      [30, 2],
      [30, 2],
    ]);
    assert.deepEqual(counted(again), [['epochs', 3, 0, 'train', 0]]);
    assert.deepEqual(
      again.phases.map(({ state, stages }) => [state, ...stages.map((stage) => [stage.state, stage.step])]),
      [
        ['running', ['running', 0], ['waiting', 0]],
        ['waiting', ['waiting', 0], ['waiting', 0]],
      ],
    );
  });

  it('do not move where only the end of the run was missing', () => {
    const view = fold(started(), set('lambda', 0.5, 0.7, [1, 'evaluate', 1]), continued(1, null, 0));
    assert.deepEqual(counted(view), [['lambda', 0.7, 1, 'evaluate', 1]]);
  });
});

describe('changes of a run that repeats another', () => {
  const changes = [
    { phase: 0, stage: 'train', step: 5, field: 'lambda', value: 0.7 },
    { phase: 0, stage: 'train', step: 8, field: 'epochs', value: 3 },
  ];
  const replay = started({ replay: { run: 'original', changes } });
  const toRepeat = (view: RunView) => changesToRepeat(view).map(({ field, step }) => [field, step]);

  it('are to be made one after the other', () => {
    const first = set('lambda', 0.5, 0.7, [0, 'train', 5]);
    assert.deepEqual(toRepeat(fold(replay)), [
      ['lambda', 5],
      ['epochs', 8],
    ]);
    assert.deepEqual(toRepeat(fold(replay, first)), [['epochs', 8]]);
    assert.deepEqual(toRepeat(fold(replay, first, set('epochs', 10, 3, [0, 'train', 8]))), []);
  });

  it('are made again at their own steps where it goes on before them, and do not hold until then', () => {
    const view = fold(replay, set('lambda', 0.5, 0.7, [0, 'train', 5]), set('epochs', 10, 3, [0, 'train', 8]), continued(0, 'train', 6));
    assert.deepEqual(counted(view), [['lambda', 0.7, 0, 'train', 5]]);
    assert.deepEqual(toRepeat(view), [['epochs', 8]]);
    assert.deepEqual([view.config.lambda, view.config.epochs], [0.7, 10]);
    assert.deepEqual(steps(view), [
      [100, 2],
      [100, 2],
    ]);
  });

  it('are none in a run of its own', () => assert.deepEqual(toRepeat(fold(started())), []));
});
