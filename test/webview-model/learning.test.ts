import assert from 'node:assert/strict';
import { foldEvents } from '../../src/protocol/foldEvents';
import type { RunView } from '../../src/protocol/runView';
import { classAccuracies, classesAfter, confusionTable, phaseBorders, sharesOf, worstMistakes } from '../../webview/model/confusion';
import { ageLines, ageTable, learnedPhases, learningVerdict, lossTable, movedTable, whyNothingLearned } from '../../webview/model/learning';
import { niceTicks } from '../../webview/model/niceTicks';
import { stageSecondsTable } from '../../webview/model/stageSeconds';
import { demoEvents, upTo } from '../webview/fixtures/events';

const viewOf = (events: ReturnType<typeof demoEvents>): RunView => {
  const view = foldEvents(events);
  assert.ok(view);
  return view;
};
const view = viewOf(demoEvents());

describe('what learning did', () => {
  it('has a row for each phase, with nothing of old exemplars in phase 0', () => {
    const { rows } = lossTable(view);
    assert.deepEqual(
      rows.map((row) => row[0]),
      [0, 1, 2, 3, 4, 5],
    );
    assert.deepEqual(rows[0]?.slice(3), [null, null, null]);
    const losses = learnedPhases(view)[2]?.effect.losses;
    assert.deepEqual(rows[2]?.slice(1), [
      losses?.new?.chosen,
      losses?.new?.now,
      losses?.old?.chosen,
      losses?.old?.stored,
      losses?.old?.now,
    ]);
    assert.deepEqual(movedTable(view).rows[0]?.[2], null);
  });

  it('has the ages of all groups of every phase, and as lines those of one', () => {
    assert.equal(ageTable(view).rows.length, 1 + 2 + 3 + 4 + 5 + 6);
    const last = learnedPhases(view).at(-1);
    assert.ok(last);
    assert.deepEqual(
      ageLines(last.effect).now.map(({ x }) => x),
      [0, 1, 2, 3, 4, 5],
    );
    const third = last.effect.nearestMean[3];
    assert.equal(ageLines(last.effect).stored[3]?.y, 100 * ((third?.stored ?? 0) - (third?.chosen ?? 0)));
    assert.equal(ageLines(last.effect).chosen[3]?.y, 0);
  });

  it('says in sentences what was gained and what adapting cost', () => {
    const [made, adapted, cost, more] = learningVerdict(view);
    assert.match(made ?? '', /\(eq\. 9\) lowered the test loss of a model trained on them by \d+\.\d %, on average over 6 phases/);
    assert.match(adapted ?? '', /lowered theirs by/);
    assert.match(cost ?? '', /by −1\.2 points; against the images as chosen they stand at \+/);
    assert.equal(more, undefined);
  });

  it('says where nothing moved, new and old apart', () => {
    const still = viewOf(
      demoEvents().map((event) =>
        event.kind === 'exemplars-learned' && event.phase === 2 ? { ...event, moved: { new: 0.02, old: 0 } } : event,
      ),
    );
    assert.match(learningVerdict(still).at(-1) ?? '', /^Nothing moved: the old exemplars of phase 2 changed by less than/);
  });

  it('says why there is nothing to see', () => {
    const reason = (events: ReturnType<typeof demoEvents>) => whyNothingLearned(viewOf(events));
    assert.equal(reason(demoEvents()), null);
    assert.match(reason(demoEvents({ config: { exemplarMethod: 'herding' } })) ?? '', /chooses its exemplars by herding/);
    assert.match(reason(upTo(demoEvents(), 0.01)) ?? '', /when phase 0 has been tested/);
    assert.match(reason(demoEvents().filter(({ kind }) => kind !== 'exemplars-learned')) ?? '', /a version that did not measure/);
  });
});

describe('the time of stages', () => {
  it('has training of all phases in one column, and sums by phase and stage that agree', () => {
    const { columns, rows } = stageSecondsTable(view);
    assert.deepEqual(
      columns.map(({ title }) => title),
      ['Phase', 'Training', 'Mnemonics, new', 'Mnemonics, old', 'Fine-tune', 'Evaluate', 'All'],
    );
    const numbers = rows.map((row) => row.slice(1).map((cell) => Number(cell ?? 0)));
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    for (const row of numbers) assert.ok(Math.abs(sum(row.slice(0, -1)) - (row.at(-1) ?? 0)) < 1e-6);
    assert.ok(Math.abs(sum(numbers.slice(0, -1).map((row) => row[0] ?? 0)) - (numbers.at(-1)?.[0] ?? 0)) < 1e-6);
  });
});

describe('the confusion matrix', () => {
  const matrix = [
    [8, 2, 0],
    [1, 4, 5],
    [0, 0, 0],
  ];
  it('is of the classes seen, with the borders of their phases', () => {
    assert.equal(classesAfter(view, 2).length, 7);
    assert.deepEqual(phaseBorders(view, 2), [5, 6]);
  });
  it('names the worst mistakes by share, and has no share of a class without images', () => {
    const classes = classesAfter(view, 0);
    assert.deepEqual(
      worstMistakes(matrix, classes, 2).map(({ truth, predicted, count, share }) => [truth, predicted, count, share]),
      [
        ['3', '6', 5, 0.5],
        ['8', '3', 2, 0.2],
      ],
    );
    assert.equal(sharesOf(matrix)[2]?.[0], 0);
    assert.deepEqual(confusionTable(matrix, classes, 'softmax', 0).rows[1], ['3', 1, 4, 5]);
  });
  it('has beside it the accuracy of each class by both classifiers', () => {
    const evaluation = view.phases[1]?.evaluation;
    assert.ok(evaluation);
    const rows = classAccuracies(view, 1, evaluation);
    assert.deepEqual(
      rows.map(({ phase }) => phase),
      [0, 0, 0, 0, 0, 1],
    );
    assert.equal(rows[5]?.nearestMean, evaluation.nearestMean.classAccuracies[5]);
  });
});

describe('niceTicks', () => {
  it('hold the range in round steps', () => {
    assert.deepEqual(niceTicks(0.53, 1.18, 5), [0.4, 0.6, 0.8, 1, 1.2]);
    assert.deepEqual(niceTicks(3, 3, 5), [3]);
  });
});
