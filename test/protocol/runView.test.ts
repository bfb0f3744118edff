import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventBody, RunEvent } from '../../src/protocol/events';
import { LossCurve } from '../../src/protocol/lossCurve';
import { foldEvent, foldEvents, type RunView } from '../../src/protocol/runView';
import { progress, runStarted, START } from '../store/support/sampleRun';

const event = (seq: number, body: EventBody, step = seq): RunEvent => ({
  schemaVersion: 1,
  seq,
  time: seq,
  ...START,
  ...(body.kind === 'run-started' ? {} : { stage: 'train' as const, step }),
  ...body,
});
const losses = (view: RunView | null) => [...(view?.phases[0]?.stages[0]?.losses ?? [])].map(({ loss }) => loss);

describe('the fold of a run', () => {
  it('takes a hundred thousand reports of one stage in a second, and has all of them', () => {
    const events = [event(0, runStarted()), ...Array.from({ length: 100_000 }, (_, i) => event(i + 1, progress(i)))];
    const started = process.cpuUsage();
    const view = foldEvents(events);
    const { user, system } = process.cpuUsage(started);
    assert.equal(losses(view).length, 100_000);
    assert.deepEqual(losses(view).slice(-2), [99_998, 99_999]);
    // A copy of the list at each report takes half a minute.
    assert.ok((user + system) / 1e6 < 3, `${(user + system) / 1e6} s of a processor`);
  });

  it('leaves earlier views as they were', () => {
    const views = [0, 1, 2, 3].reduce<(RunView | null)[]>(
      (all, i) => [...all, foldEvent(all.at(-1) ?? null, event(i, i === 0 ? runStarted() : progress(i)))],
      [],
    );
    assert.deepEqual(views.map(losses), [[], [1], [1, 2], [1, 2, 3]]);
  });

  it('forgets the losses after the resume point, and goes on from there without touching the view before', () => {
    const before = foldEvents([event(0, runStarted()), ...[1, 2, 3, 4].map((i) => event(i, progress(i)))]);
    const continued: EventBody = {
      kind: 'run-continued',
      engine: { engine: 'cpu', reason: '', versions: {}, device: 'CPU', threads: 1 },
      pid: 1,
    };
    const resumed = foldEvent(foldEvent(before, event(5, continued, 2)), event(6, progress(9), 3));
    assert.deepEqual(losses(resumed), [1, 2, 9]);
    assert.deepEqual(losses(before), [1, 2, 3, 4]);
  });
});

describe('a loss curve', () => {
  const of = (steps: readonly number[]) => steps.reduce((curve, step) => curve.with({ step, loss: -step }), LossCurve.EMPTY);

  it('is what was added, whatever else was made of the same beginning', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99)), fc.array(fc.nat(99)), fc.array(fc.nat(99)), (start, one, other) => {
        const begin = of(start);
        const [a, b] = [one, other].map((steps) => steps.reduce((curve, step) => curve.with({ step, loss: 0 }), begin));
        assert.deepEqual(
          [begin, a, b].map((curve) => [...(curve ?? [])].map(({ step }) => step)),
          [start, [...start, ...one], [...start, ...other]],
        );
      }),
    );
  });

  it('gives points by place, from both ends, and none beyond them', () => {
    const curve = of([1, 2, 3]).upTo(2);
    assert.deepEqual(
      [0, 1, 2, -1, -2, -3].map((i) => curve.at(i)?.step),
      [1, 2, undefined, 2, 1, undefined],
    );
  });

  it('is sampled evenly, with its ends', () => {
    const curve = of(Array.from({ length: 1001 }, (_, i) => i));
    assert.deepEqual(
      curve.sampled(5).map(({ step }) => step),
      [0, 250, 500, 750, 1000],
    );
    assert.equal(curve.sampled(2000).length, 1001);
  });
});
