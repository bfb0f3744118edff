import assert from 'node:assert/strict';
import { classifierMetrics, confusionMatrix } from '../../src/learning/metrics';

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} instead of ${expected}`);

describe('metrics', () => {
  // Three phases of 2, 1 and 1 classes, 10 test images a class; correct answers on the diagonal, by hand.
  const first = classifierMetrics(
    [
      [9, 1],
      [1, 9],
    ],
    [2],
    [],
  );
  const second = classifierMetrics(
    [
      [6, 2, 2],
      [0, 8, 2],
      [0, 0, 10],
    ],
    [2, 1],
    [first],
  );
  const third = classifierMetrics(
    [
      [8, 0, 2, 0],
      [0, 8, 2, 0],
      [0, 3, 6, 1],
      [0, 0, 5, 5],
    ],
    [2, 1, 1],
    [first, second],
  );

  it('give the accuracy over all classes, each phase group and each class', () => {
    near(second.accuracy, 24 / 30);
    assert.deepEqual(second.groupAccuracies, [14 / 20, 1]);
    assert.deepEqual(third.classAccuracies, [0.8, 0.8, 0.6, 0.5]);
  });

  it('average the accuracies of all phases so far', () => {
    near(third.averageAccuracy, (0.9 + 0.8 + 27 / 40) / 3);
  });

  it("give the paper's forgetting: phase 0's classes then minus now", () => {
    near(first.paperForgetting, 0);
    near(second.paperForgetting, 0.9 - 0.7);
    near(third.paperForgetting, 0.9 - 0.8);
  });

  it('give standard forgetting: the mean over old groups of best so far minus now', () => {
    near(first.standardForgetting, 0);
    near(second.standardForgetting, 0.2);
    near(third.standardForgetting, (0.9 - 0.8 + (1 - 0.6)) / 2);
  });

  it('leave what they were given as it was', () => {
    const earlier = [first];
    classifierMetrics(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      [2, 1],
      earlier,
    );
    assert.deepEqual(earlier, [first]);
  });

  it('count each prediction once', () => {
    assert.deepEqual(confusionMatrix([0, 1, 1, 2], [0, 2, 1, 2], 3), [
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 1],
    ]);
  });

  it('refuse a class index out of range', () => {
    assert.throws(() => confusionMatrix([0], [3], 3), /out of range/);
  });
});
