import assert from 'node:assert/strict';
import type { ExemplarPixels } from '../../src/protocol/webviewMessages';
import { differenceScale, diverging } from '../../webview/model/colourScale';
import { classChanges, difference, differences, displayBytes, exemplarChange } from '../../webview/model/exemplars';
import { cellAt, cellOrigin, gridLayout } from '../../webview/model/gridLayout';
import { decodePixels } from '../../webview/model/reportPixels';
import { base64 } from '../webview/fixtures/pixels';

/** Two exemplars of two pixels: class 4 moves by 0.5 and −0.25, class 1 stays. */
const grey: ExemplarPixels = {
  phase: 0,
  height: 1,
  width: 2,
  channels: 1,
  classes: [4, 1],
  before: Float32Array.of(0, 1, -1, 0),
  after: Float32Array.of(0.5, 0.75, -1, 0),
  mean: [0.5],
  std: [0.25],
};
const colour: ExemplarPixels = {
  ...grey,
  channels: 3,
  width: 1,
  classes: [0],
  before: Float32Array.of(0, 0, 0),
  after: Float32Array.of(1, 2, -9),
  mean: [0.5, 0, 1],
  std: [0.5, 0.25, 0.5],
};

describe('exemplar changes', () => {
  it('are mean and largest |after − before| per exemplar and class, classes in order', () => {
    assert.deepEqual(exemplarChange(grey, 0), { mean: 0.375, max: 0.5 });
    assert.deepEqual(
      classChanges(grey).map((c) => [c.classIndex, c.exemplars, c.mean, c.max]),
      [
        [1, [1], 0, 0],
        [4, [0], 0.375, 0.5],
      ],
    );
  });

  it('keep their sign in the difference, mean over channels', () => {
    assert.deepEqual([...difference(grey, 0)], [0.5, -0.25]);
    assert.deepEqual([...difference(colour, 0)], [-2]);
    assert.deepEqual([...differences(grey, [1, 0])], [0, 0, 0.5, -0.25]);
  });
});

describe('displayBytes', () => {
  it('undoes the normalisation and spreads grey over the channels', () => {
    assert.deepEqual([...displayBytes(grey, 'before', 0)], [128, 128, 128, 255, 191, 191, 191, 255]);
  });
  it('uses each channel’s own mean and deviation, and clamps', () => {
    assert.deepEqual([...displayBytes(colour, 'after', 0)], [255, 128, 0, 255]);
  });
});

describe('differenceScale', () => {
  it('is the 99.5th percentile, so that one stray pixel does not wash out the rest', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i % 2 ? -0.5 : 0.5));
    values[3] = 90;
    assert.deepEqual(differenceScale(values), { limit: 0.5, basis: '99.5th percentile' });
  });
  it('is the maximum where nearly nothing moved, and 0 where nothing did', () => {
    const values = new Float32Array(1000);
    values[7] = -2;
    assert.deepEqual(differenceScale(values), { limit: 2, basis: 'maximum' });
    assert.equal(differenceScale(new Float32Array(4)).limit, 0);
    assert.equal(differenceScale(new Float32Array(0)).limit, 0);
  });
  it('ignores what is not finite', () => {
    assert.equal(differenceScale(Float32Array.of(1, NaN, Infinity)).limit, 1);
  });
});

describe('diverging', () => {
  it('goes from blue over the ground to red and stays at its ends', () => {
    for (const ground of ['light', 'dark'] as const) {
      const [low, middle, high] = [diverging(-1, ground), diverging(0, ground), diverging(1, ground)];
      assert.ok(low[2] > low[0] && high[0] > high[2]);
      assert.ok(Math.abs(middle[0] - middle[2]) < 3);
      assert.deepEqual(diverging(7, ground), high);
      assert.deepEqual(diverging(NaN, ground), middle);
    }
  });
});

describe('gridLayout', () => {
  it('fits as many triples beside each other as there is room for, at least one', () => {
    assert.equal(gridLayout(100, 3, 48, 800, 99).columns, 5);
    assert.equal(gridLayout(100, 3, 128, 200, 99).columns, 1);
    assert.equal(gridLayout(2, 3, 48, 800, 99).columns, 2);
  });
  it('draws no more rows than asked for, nor a canvas taller than browsers allow', () => {
    assert.equal(gridLayout(100, 3, 48, 800, 4).count, 20);
    assert.ok(gridLayout(100_000, 3, 128, 300, Infinity).height <= 8000);
  });
  it('finds the cell under the pointer, and none in the gaps', () => {
    const layout = gridLayout(10, 3, 48, 800, 99);
    const { x, y } = cellOrigin(7, layout);
    assert.equal(cellAt(x + 3, y + 3, layout), 7);
    assert.equal(cellAt(x - 3, y + 3, layout), null);
    assert.equal(cellAt(-1, 3, layout), null);
    assert.equal(cellAt(3, layout.height + 200, layout), null);
  });
});

describe('decodePixels', () => {
  it('reads back what a report holds', () => {
    const decoded = decodePixels({
      ...grey,
      classes: [...grey.classes],
      mean: [...grey.mean],
      std: [...grey.std],
      before: base64(grey.before),
      after: base64(grey.after),
    });
    assert.deepEqual(decoded, grey);
  });
});
