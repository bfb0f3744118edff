import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventBody, RunEvent } from '../../src/protocol/events';
import { LossCurve } from '../../src/protocol/lossCurve';
import { foldEvent } from '../../src/protocol/foldEvent';
import { foldEvents, RunFold } from '../../src/protocol/foldEvents';
import type { RunView } from '../../src/protocol/runView';
import { randomLog } from '../store/support/randomLog';
import { progress, runStarted, START } from '../store/support/sampleRun';

const event = (seq: number, body: EventBody, step = seq): RunEvent => ({
  schemaVersion: 1,
  seq,
  time: seq,
  ...START,
  ...(body.kind === 'run-started' ? {} : { stage: 'train' as const, step }),
  ...body,
});
/** A view with its loss curves as lists. */
const plain = (view: RunView | null): unknown =>
  view && {
    ...view,
    phases: view.phases.map((phase) => ({ ...phase, stages: phase.stages.map((stage) => ({ ...stage, losses: [...stage.losses] })) })),
  };
const losses = (view: RunView | null) => [...(view?.phases[0]?.stages[0]?.losses ?? [])].map(({ loss }) => loss);

describe('the fold of a run', () => {
  it('takes a hundred thousand reports of one stage in a second, and keeps their curve small', () => {
    const events = [event(0, runStarted()), ...Array.from({ length: 100_000 }, (_, i) => event(i + 1, progress(i)))];
    const started = process.cpuUsage();
    const view = foldEvents(events);
    const { user, system } = process.cpuUsage(started);
    assert.ok(losses(view).length <= 10_001);
    assert.deepEqual([...losses(view).slice(0, 3), losses(view).at(-1)], [0, 16, 32, 99_999]);
    // A copy of the list at each report takes half a minute.
    assert.ok((user + system) / 1e6 < 3, `${(user + system) / 1e6} s of a processor`);
  });

  it('is the same whether events are folded one by one or in rows, wherever it is looked at', () => {
    fc.assert(
      fc.property(randomLog, fc.array(fc.nat(200)), (events, looks) => {
        const fold = new RunFold();
        let view: RunView | null = null;
        for (const [i, next] of events.entries()) {
          view = foldEvent(view, next);
          fold.add(next);
          // An event that comes again changes nothing.
          if (i % 5 === 0) fold.add(next.kind === 'run-started' ? { ...next, kind: 'paused' } : next);
          if (looks.includes(i)) assert.deepEqual(plain(fold.view), plain(view));
        }
        assert.deepEqual(plain(fold.view), plain(view));
        assert.deepEqual(plain(foldEvents(events)), plain(view));
      }),
    );
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

  it('keeps every second, fourth … point of a long stage, evenly, and the newest; also where it is cut back and goes on', () => {
    fc.assert(
      fc.property(fc.nat(70_000), fc.nat(70_000), fc.nat(30_000), (length, back, more) => {
        const steps = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
        const whole = of(steps(0, length));
        const cut = whole.upTo(back);
        const from = (cut.at(-1)?.step ?? -1) + 1;
        const longer = steps(from, more).reduce((curve, step) => curve.with({ step, loss: -step }), cut);
        // One that is cut back keeps what it has of the beginning.
        for (const [curve, count] of [[whole, length] as const, [longer, from + more] as const]) {
          const kept = [...curve].map(({ step }) => step);
          const every = kept[1] === undefined || kept.length === 2 ? 1 : kept[1];
          assert.ok(kept.length <= 10_001 && (kept.length > 5_000 || every === 1 || curve !== whole), `${kept.length} of ${count}`);
          assert.ok(kept.slice(0, -1).every((step, i) => step === i * every));
          if (count > 0) assert.equal(kept.at(-1), count - 1);
        }
      }),
      { numRuns: 30 },
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
