import assert from 'node:assert/strict';
import { foldEvents } from '../../src/protocol/foldEvents';
import { changesOfRun, changesOfStage, changesSentence } from '../../webview/model/changeMarks';
import { seriesTable } from '../../webview/model/curveTables';
import { accuracySeries } from '../../webview/model/curves';
import { layoutTimeline } from '../../webview/model/timeline';
import { after, demoEvents } from '../webview/fixtures/events';

const set = { kind: 'setting-changed', field: 'beta2', previous: 0.01, value: 0.02 } as const;
const events = demoEvents({ eventful: true });
const withChange = (place: Parameters<typeof after>[2], ...more: Parameters<typeof after>[1][]) => {
  const all = [...events];
  for (const body of [set, ...more]) all.push(after(all, body, place));
  const view = foldEvents(all);
  assert.ok(view);
  return view;
};

describe('marks of changed settings', () => {
  it('stand between the results of the phase before and of their own, as far as its work was', () => {
    const stages = withChange({}).phases[2]?.stages ?? [];
    const sum = (all: typeof stages) => all.reduce((total, { images }) => total + images, 0);
    const [first] = stages;
    assert.ok(first);
    const marks = changesOfRun(withChange({ phase: 2, stage: first.stage, step: Math.floor(first.steps / 2) }));
    const own = marks.find(({ phase }) => phase === 2);
    const expected = 1 + (sum([first]) * Math.floor(first.steps / 2)) / first.steps / sum(stages);
    assert.ok(Math.abs((own?.x ?? 0) - expected) < 1e-9);
    assert.equal(own?.text, 'β2: 0.01 → 0.02');
    const atBegin = changesOfRun(withChange({ phase: 0, stage: 'train', step: 5 })).find(({ phase }) => phase === 0);
    assert.equal(atBegin?.x, 0);
  });

  it('are one where several changed between the same two steps, on the axes of the run and of the stage', () => {
    const view = withChange({ phase: 1, stage: 'mnemonics-old', step: 3 }, { ...set, field: 'alpha1', previous: 0.1, value: 0.2 });
    const text = 'β2: 0.01 → 0.02, α1: 0.1 → 0.2';
    assert.ok(changesOfRun(view).some((mark) => mark.text === text));
    const segment = layoutTimeline(view).rows[1]?.segments.find(({ stage }) => stage === 'mnemonics-old');
    assert.ok(segment);
    assert.deepEqual(changesOfStage(segment), [{ x: 3, phase: 1, text }]);
    assert.equal(changesSentence(changesOfStage(segment)), ` Settings changed: ${text}.`);
    assert.equal(changesSentence([]), '');
  });

  it("are in the table of the curves, in their phase's row", () => {
    const view = withChange({ phase: 3, stage: 'fine-tune', step: 0 });
    const { columns, rows } = seriesTable(view, 'softmax', 'Accuracy', accuracySeries(view, 'softmax'), changesOfRun(view));
    assert.equal(columns.at(-1)?.title, 'Settings changed');
    assert.deepEqual(
      rows.map((row) => row.at(-1)),
      [null, 'λ: 0.5 → 0.7', null, 'β2: 0.01 → 0.02', null, null],
    );
  });
});
