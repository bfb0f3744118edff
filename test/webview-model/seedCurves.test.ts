import assert from 'node:assert/strict';
import { foldEvents } from '../../src/protocol/foldEvents';
import { paperMarks } from '../../webview/model/paperMarks';
import { summaryTable } from '../../webview/model/runSummary';
import { seedCurves, seedTable } from '../../webview/model/seedCurves';
import { demoEvents, upTo } from '../webview/fixtures/events';

const viewOf = (events: ReturnType<typeof demoEvents>) => {
  const view = foldEvents(events);
  assert.ok(view);
  return view;
};
const run = (seed: number, fraction = 1, config = {}) => ({
  title: `seed ${seed}`,
  view: viewOf(upTo(demoEvents({ seed, config: { seed, ...config } }), fraction)),
  classifier: 'nearestMean' as const,
});

describe('curves over seeds', () => {
  const runs = [run(1), run(2), run(3), run(4, 1, { lambda: 0.9 })];
  const accuracy = (i: number, phase: number) => 100 * (runs[i]?.view.phases[phase]?.evaluation?.nearestMean.accuracy ?? NaN);

  it('have mean and standard deviation at each phase', () => {
    const [curve, ...more] = seedCurves(runs, 'all');
    assert.equal(more.length, 0);
    assert.equal(curve?.mean.label, 'mean ± std of 3 seeds: icarl, mnemonics');
    const values = [0, 1, 2].map((i) => accuracy(i, 3));
    const mean = values.reduce((a, b) => a + b, 0) / 3;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 2);
    const at = (points: readonly { y: number }[] | undefined) => points?.[3]?.y ?? NaN;
    assert.ok(Math.abs(at(curve?.mean.points) - mean) < 1e-9);
    assert.ok(Math.abs(at(curve?.high.points) - mean - deviation) < 1e-9);
    assert.ok(Math.abs(mean - at(curve?.low.points) - deviation) < 1e-9);
  });

  it('end where the first of the runs has not been', () => {
    const [curve] = seedCurves([run(1), run(2, 0.6)], 'all');
    assert.ok((curve?.mean.points.length ?? 9) < 6);
  });

  it('are summed up in a table of finished runs', () => {
    const { rows, columns } = seedTable(runs);
    assert.deepEqual(rows.length, 1);
    assert.equal(rows[0]?.[1], '1, 2, 3');
    assert.equal(rows[0]?.length, columns.length);
    assert.deepEqual(seedTable([run(1), run(2, 0.6)]).rows, []);
  });
});

describe("the paper's marks", () => {
  const config = { dataSet: 'cifar100', host: 'lwf', phases: 5 } as const;
  const view = viewOf(demoEvents({ config }));

  it('stand beside the headline classifier alone, and say what they are', () => {
    const [mark, ...more] = paperMarks(
      [
        { view, classifier: 'softmax' },
        { view, classifier: 'softmax' },
      ],
      'accuracy',
    );
    assert.deepEqual(more, []);
    assert.equal(mark?.label, 'Ā of lwf with mnemonics (paper, not reproduced here)');
    assert.deepEqual(mark.points, [
      { x: 0, y: 54.21 },
      { x: 5, y: 54.21 },
    ]);
    assert.deepEqual(paperMarks([{ view, classifier: 'softmax' }], 'forgetting')[0]?.points, [{ x: 5, y: 40 }]);
    assert.deepEqual(paperMarks([{ view, classifier: 'nearestMean' }], 'accuracy'), []);
  });

  it('are columns of the summary only where the paper has such a run', () => {
    const titles = (runs: Parameters<typeof summaryTable>[0]) => summaryTable(runs).columns.map(({ title }) => title);
    assert.ok(titles([{ title: 'a', view }]).includes('Ā (paper, not reproduced here)'));
    assert.ok(!titles([{ title: 'a', view: viewOf(demoEvents()) }]).some((title) => title.includes('not reproduced')));
  });
});
