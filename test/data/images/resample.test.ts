import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resample } from '../../../src/data/images/resample';
import { cropBox, drawCrop, resizedCrop } from '../../../src/data/images/resizedCrop';
import { viewImage } from '../../../src/data/images/viewImage';
import { RandomStream } from '../../../src/learning/randomStreams';

interface Fixture {
  width: number;
  height: number;
  pixels: number[];
  cases: { box: [number, number, number, number]; size: [number, number]; pixels: number[] }[];
}

describe('Resizing', () => {
  const fixture = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'resized.json'), 'utf8')) as Fixture;
  const picture = { ...fixture, channels: 3 };
  const everything = { left: 0, top: 0, width: picture.width, height: picture.height };

  for (const { box, size, pixels } of fixture.cases) {
    it(`of ${box.join(' ')} to ${size.join(' × ')} is Pillow's, but for its rounding`, () => {
      const [left, top, right, bottom] = box;
      const result = resample(picture, everything, { left, top, width: right - left, height: bottom - top }, ...size);
      const worst = Math.max(...pixels.map((value, i) => Math.abs(value - (result[i] ?? NaN))));
      assert.ok(worst < 1.01, `${worst}`);
    });
  }

  it('leaves an image of the right size as it is', () => {
    const same = resample(picture, everything, everything, picture.width, picture.height);
    assert.deepEqual([...same].map(Math.round), picture.pixels);
  });

  it('to a square takes the middle, at the scale of the shorter side', () => {
    // A row of 60 columns, black but for the middle 20: at size 20 of height 20 nothing else is seen.
    const pixels = Uint8Array.from({ length: 60 * 20 * 3 }, (_, i) =>
      Math.floor(i / 3) % 60 >= 20 && Math.floor(i / 3) % 60 < 40 ? 200 : 0,
    );
    const square = viewImage({ width: 60, height: 20, channels: 3, pixels }, { size: 20, shorterSide: 20 }, null);
    assert.deepEqual([square.length, Math.min(...square)], [20 * 20 * 3, 200]);
    // 256 for 224: the middle 7/8 of the shorter side.
    const smooth = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) % 64) * 4);
    const view = viewImage({ width: 64, height: 64, channels: 3, pixels: smooth }, { size: 224, shorterSide: 256 }, null);
    assert.ok(Math.abs((view[0] ?? 0) - 4 * 4) <= 2 && Math.abs((view[223 * 3] ?? 0) - 4 * 59) <= 2);
  });
});

describe('A random resized crop', () => {
  const random = new RandomStream(1, 'crop');

  it('has 8 to 100 % of the area at a ratio of 3/4 to 4/3, inside the image', () => {
    for (let i = 0; i < 500; i++) {
      const { left, top, width, height } = cropBox(drawCrop(random, true), 500, 375);
      const [area, ratio] = [(width * height) / (500 * 375), width / height];
      assert.ok(area > 0.078 && area <= 1 && ratio > 0.73 && ratio < 1.36, `${area} ${ratio}`);
      assert.ok(left >= 0 && top >= 0 && left + width <= 500 && top + height <= 375);
    }
  });

  it('is the largest middle part where no shape fits', () => {
    assert.deepEqual(cropBox(drawCrop(random, false), 1000, 2), { left: 498, top: 0, width: 3, height: 2 });
    assert.deepEqual(cropBox(drawCrop(random, false), 3, 1200), { left: 0, top: 598, width: 3, height: 4 });
  });

  it('draws as many numbers whatever it finds, flips half of the images or none', () => {
    let [calls, flips] = [0, 0];
    const counting = { integer: () => 0, uniform: () => (calls++, random.uniform()) };
    for (let i = 0; i < 400; i++) flips += drawCrop(counting, true).at(-1) ?? 0;
    assert.equal(calls, 400 * 23);
    assert.ok(flips > 150 && flips < 250);
    assert.equal(drawCrop(counting, false).at(-1), 0);
    assert.equal(calls, 401 * 23);
  });

  it('flipped is the mirror of the same crop', () => {
    const image = { width: 30, height: 20, channels: 1, pixels: Uint8Array.from({ length: 600 }, (_, i) => (i * 7) % 256) };
    const draws = drawCrop(random, false);
    const plain = resizedCrop(image, draws, 8, 8);
    const mirrored = resizedCrop(
      image,
      Float64Array.from(draws, (value, i) => (i === 22 ? 1 : value)),
      8,
      8,
    );
    for (let y = 0; y < 8; y++) assert.deepEqual([...mirrored.subarray(8 * y, 8 * y + 8)], [...plain.subarray(8 * y, 8 * y + 8)].reverse());
  });
});
