import assert from 'node:assert/strict';
import { foldEvents } from '../../src/protocol/foldEvents';
import type { RunView } from '../../src/protocol/runView';
import { layoutTimeline, type TimelineRow } from '../../webview/model/timeline';
import { timelineTable } from '../../webview/model/timelineTable';
import { timeTicks } from '../../webview/model/ticks';
import { after, demoEvents, upTo } from '../webview/fixtures/events';

const events = demoEvents({ eventful: true });
const viewAt = (fraction: number): RunView => {
  const view = foldEvents(upTo(events, fraction));
  assert.ok(view);
  return view;
};

const lengthOf = (row: TimelineRow | undefined): number => (row?.segments ?? []).reduce((sum, s) => sum + s.share, 0);

describe('layoutTimeline', () => {
  it('gives done stages their measured seconds, and the longest phase the whole width', () => {
    const timeline = layoutTimeline(viewAt(1));
    const view = viewAt(1);
    for (const [i, row] of timeline.rows.entries()) {
      for (const [j, segment] of row.segments.entries()) {
        assert.equal(segment.seconds, view.phases[i]?.stages[j]?.seconds);
        assert.equal(segment.estimated, false);
        assert.equal(segment.fraction, 1);
      }
    }
    assert.ok(Math.abs(Math.max(...timeline.rows.map(lengthOf)) - 1) < 1e-9);
  });

  it('estimates waiting stages at the rate measured for their kind', () => {
    const now = layoutTimeline(viewAt(0.6));
    const end = layoutTimeline(viewAt(1));
    const distil = (t: typeof now) => t.rows[5]?.segments.find((s) => s.stage === 'distil');
    assert.equal(distil(now)?.estimated, true);
    assert.ok(Math.abs((distil(now)?.seconds ?? 0) - (distil(end)?.seconds ?? 1)) < 0.5);
  });

  it('lets the first stage, still running, speak for all others', () => {
    const timeline = layoutTimeline(viewAt(0.05));
    assert.ok(timeline.longest !== null && timeline.longest > 0);
    assert.ok(timeline.rows.every((row) => row.estimated && row.segments.every((s) => (s.seconds ?? 0) > 0)));
  });

  it('falls back on counts of images, without an axis, before anything is measured', () => {
    const view = foldEvents(events.slice(0, 2));
    assert.ok(view);
    const timeline = layoutTimeline(view);
    assert.equal(timeline.longest, null);
    assert.ok((timeline.rows[0]?.segments[0]?.share ?? 0) > (timeline.rows[1]?.segments[0]?.share ?? 1));
  });

  it('leaves pauses out of the time of a running stage', () => {
    const until = events.findIndex((e) => e.kind === 'resumed');
    const running = foldEvents(events.slice(0, until + 3));
    assert.ok(running);
    const train = layoutTimeline(running).rows[0]?.segments[0];
    const measured = layoutTimeline(viewAt(1)).rows[0]?.segments[0]?.seconds ?? 0;
    assert.ok(Math.abs((train?.seconds ?? 0) - measured) < 2, `${train?.seconds} against ${measured}`);
  });

  it('has the marks of a stage in it', () => {
    const train = layoutTimeline(viewAt(1)).rows[0]?.segments[0];
    assert.deepEqual(
      train?.marks.map((m) => m.kind),
      ['paused', 'resumed'],
    );
    assert.ok(train.marks.every(({ step }) => Math.abs(step / train.steps - 0.4) < 0.05));
  });

  it('leaves the axis to the other phases where one is much longer, which then has a scale of its own', () => {
    const many = foldEvents(demoEvents({ config: { dataSet: 'cifar100', phases: 25 } }));
    assert.ok(many);
    const { rows, longest } = layoutTimeline(many);
    assert.deepEqual(
      rows.filter((row) => row.ownScale).map((row) => row.phase),
      [0],
    );
    assert.ok((longest ?? 0) < (rows[0]?.seconds ?? 0) / 2);
    assert.ok(rows.every((row) => lengthOf(row) <= 1 + 1e-9) && lengthOf(rows[25]) > 0.75);
  });

  it('shares a scale given by others', () => {
    const timeline = layoutTimeline(viewAt(1), 1000);
    assert.equal(timeline.longest, 1000);
    assert.ok((timeline.rows[0]?.segments[0]?.share ?? 1) < 0.1);
  });

  it('marks an interruption where the run went on', () => {
    const cut = upTo(events, 0.5);
    const view = foldEvents([
      ...cut,
      after(cut, { kind: 'run-continued', pid: 1, engine: { engine: 'native', reason: '', versions: {}, device: 'CPU', threads: 2 } }),
    ]);
    assert.ok(view);
    const kinds = layoutTimeline(view).rows.flatMap((r) => r.segments.flatMap((s) => s.marks.map((m) => m.kind)));
    assert.ok(kinds.includes('continued'));
  });
});

describe('timelineTable', () => {
  it('has a row per stage with the numbers of the blocks', () => {
    const timeline = layoutTimeline(viewAt(1));
    const { rows, columns } = timelineTable(timeline);
    assert.equal(rows.length, timeline.rows.flatMap((r) => r.segments).length);
    assert.ok(rows.every((row) => row.length === columns.length));
    assert.equal(rows[0]?.[6], timeline.rows[0]?.segments[0]?.seconds);
  });
});

describe('timeTicks', () => {
  it('steps as people count time, and no closer than wanted', () => {
    assert.deepEqual(timeTicks(86, 6), [0, 15, 30, 45, 60, 75]);
    assert.deepEqual(timeTicks(3 * 3600, 4), [0, 3600, 7200, 10_800]);
    assert.ok(timeTicks(40 * 86_400, 6).length <= 7);
    assert.deepEqual(timeTicks(0, 6), [0]);
  });
});
