import assert from 'node:assert/strict';
import { foldEvents } from '../../src/protocol/foldEvents';
import { accuracyRange, forgettingRange } from '../../webview/model/curveRanges';
import { latestMetrics } from '../../src/protocol/latestMetrics';
import { accuracySeries, classesSeen, comparedSeries, forgettingSeries } from '../../webview/model/curves';
import { seriesTable } from '../../webview/model/curveTables';
import { demoEvents, upTo } from '../webview/fixtures/events';

const view = foldEvents(demoEvents());
const early = foldEvents(upTo(demoEvents(), 0.01));
assert.ok(view && early);

describe('accuracySeries', () => {
  it('holds each evaluation in percent, by phase', () => {
    const [all, first] = accuracySeries(view, 'softmax');
    assert.deepEqual(
      all?.points.map((p) => p.y),
      view.phases.map((p) => (p.evaluation?.softmax.accuracy ?? 0) * 100),
    );
    assert.equal(first?.points[5]?.y, (view.phases[5]?.evaluation?.softmax.firstPhaseAccuracy ?? 0) * 100);
  });

  it("begins a phase's line where its classes came", () => {
    const groups = accuracySeries(view, 'nearestMean').filter((s) => s.quantity === 'group');
    assert.equal(groups.length, 5);
    for (const { group, points } of groups) {
      assert.equal(points[0]?.x, group);
      assert.equal(points.length, 6 - (group ?? 0));
    }
  });

  it('is empty, not zero, before the first evaluation', () => {
    assert.ok(accuracySeries(early, 'softmax').every((s) => s.points.length === 0));
    assert.equal(latestMetrics(early, 'softmax'), null);
  });
});

describe('forgettingSeries', () => {
  it('names both measures', () => {
    assert.deepEqual(
      forgettingSeries(view, 'softmax').map((s) => s.label),
      ['F, paper (A₀ᶻ − Aᵢᶻ)', 'standard (mean of best so far − last)'],
    );
  });
});

describe('comparedSeries', () => {
  it('has a line per run, each by its own classifier', () => {
    const runs = [
      { title: 'a', view, classifier: 'softmax' as const },
      { title: 'b', view: early, classifier: 'nearestMean' as const },
    ];
    const lines = comparedSeries(runs, 'paper');
    assert.deepEqual(
      lines.map((l) => [l.label, l.run, l.points.length]),
      [
        ['a', 0, 6],
        ['b', 1, 0],
      ],
    );
  });
});

describe('seriesTable', () => {
  it('has the numbers of the lines, a gap where a line has none', () => {
    const series = accuracySeries(view, 'softmax');
    const table = seriesTable(view, 'softmax', 'Accuracy in %', series);
    assert.equal(table.rows.length, 6);
    assert.deepEqual(
      table.rows.map((r) => r[1]),
      classesSeen(view),
    );
    assert.equal(table.rows[0]?.[4], null);
    assert.equal(table.rows[5]?.[2], series[0]?.points[5]?.y);
  });
});

describe('ranges of the axes', () => {
  const line = (...ys: number[]) => [
    { id: '', label: '', quantity: 'all' as const, group: null, run: 0, points: ys.map((y, x) => ({ x, y })) },
  ];
  it('hold every value and leave room below accuracies', () => {
    assert.deepEqual(accuracyRange(line(92, 71)), { min: 60, max: 100 });
    assert.deepEqual(accuracyRange(line(3)), { min: 0, max: 100 });
    assert.deepEqual(accuracyRange([]), { min: 90, max: 100 });
  });
  it('always hold 0 and ten points of forgetting, and negative forgetting', () => {
    assert.deepEqual(forgettingRange(line(0, 2)), { min: 0, max: 10 });
    assert.deepEqual(forgettingRange(line(-3, 41)), { min: -5, max: 45 });
  });
});
