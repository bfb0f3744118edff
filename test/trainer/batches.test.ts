import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import type { DataSet } from '../../src/data/dataSet';
import { ImageFiles } from '../../src/data/images/imageFiles';
import { floatImages, joined, type ImageSource } from '../../src/data/imageSource';
import { loadDataSet } from '../../src/data/loadDataSet';
import { RandomStream } from '../../src/learning/randomStreams';
import { configSchema, type Config, type ConfigInput } from '../../src/protocol/config';
import type { ClassInfo } from '../../src/protocol/events';
import { batchesAhead, examplesOf, makeBatch, readRange, rowsOfStep, type Batch, type Examples } from '../../src/trainer/batches';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { png, smallSet, writeTree } from '../data/support/images';

const load = (config: ConfigInput) => loadDataSet(configSchema.parse(config), '/', {});
const infos = (labels: readonly number[]) => labels.map((label, index) => ({ label, index, name: String(label) })) as ClassInfo[];

function pixelsOf({ images, oneHot }: Batch): Buffer {
  const parts = [images, oneHot].map((t) => Buffer.from((t.dataSync() as Float32Array).slice().buffer));
  for (const t of [images, oneHot]) t.dispose();
  return Buffer.concat(parts);
}

describe('Batches', function () {
  this.timeout(20_000);
  const folder = temporaryFolders();
  before(() => setBackend('cpu'));

  const stepOf =
    (examples: Examples, augment: Config['augmentation'], size = 32) =>
    (step: number) => ({
      rows: rowsOfStep(examples.classes.length, size, step, 7, ['train', 0]),
      augment,
      random: new RandomStream(7, 'augment', 'train', 0, step),
    });

  /** sha256 of the first five batches, as version 0.1.0 made them. */
  const KNOWN: [Config['augmentation'], string][] = [
    ['none', '6abaf14221823c1ec82faf8279e6099458c428165323d35a01f66f3a63ccae3e'],
    ['crop', 'aba114202f2817e5990a5bedf14aa29031aa1893f42f734f21f679198bf3269c'],
    ['crop-flip', '4a414abb0deefb76c3b32dcd8cd93213950b490a164e5186eac71a7c4ee9d99d'],
  ];
  for (const [augment, sum] of KNOWN) {
    it(`of a seed are the same in every version, with augmentation ${augment}`, async () => {
      const data = await load({ trainPerClass: 50, testPerClass: 20 });
      const examples = examplesOf(data, 'train', infos([3, 1, 4, 5, 9]));
      const hash = createHash('sha256');
      const batchOf = batchesAhead(examples, { data, seen: 5 }, stepOf(examples, augment));
      for (let step = 0; step < 5; step++) hash.update(pixelsOf(await batchOf(step)));
      assert.equal(hash.digest('hex'), sum);
    });
  }

  const photographs = (size: number): Promise<DataSet> =>
    load({ dataSet: 'image-folder', dataPath: writeTree(folder(), smallSet(10, 3, 40)), imageSize: size });

  for (const size of [24, 72]) {
    it(`of images in files at ${size} pixels are the same read ahead or one by one, in order or from any step on`, async () => {
      const data = await photographs(size);
      const examples = examplesOf(data, 'train', infos([0, 1]));
      const plan = stepOf(examples, 'crop-flip', 8);
      const one = async (step: number) => {
        const { rows, ...drawn } = plan(step);
        return pixelsOf(await makeBatch(examples, rows, { ...drawn, data, seen: 2 }));
      };
      const ahead = batchesAhead(examples, { data, seen: 2 }, plan);
      const inOrder: Buffer[] = [];
      for (let step = 0; step < 4; step++) inOrder.push(pixelsOf(await ahead(step)));
      const again = batchesAhead(examples, { data, seen: 2 }, plan);
      for (const step of [2, 3, 0, 2]) assert.ok(pixelsOf(await again(step)).equals(inOrder[step] ?? Buffer.alloc(0)), `step ${step}`);
      assert.ok((await one(1)).equals(inOrder[1] ?? Buffer.alloc(0)));
      assert.ok(!(await one(1)).equals(await one(2)));
    });
  }

  it('are cropped at random from the originals above 64 pixels, and differ from the view of evaluation', async () => {
    const data = await photographs(72);
    assert.equal(data.practice, 'resized-crop');
    const examples = examplesOf(data, 'train', infos([0, 1]));
    const read = async (augment: Config['augmentation'], seed: number) => {
      const random = new RandomStream(seed, 'augment');
      return pixelsOf(await makeBatch(examples, [0, 1], { data, seen: 2, augment, random }));
    };
    const [plain, cropped, other] = [await read('none', 1), await read('crop', 1), await read('crop', 2)];
    assert.ok(!plain.equals(cropped) && !cropped.equals(other));
    assert.ok(plain.equals(await read('none', 2)));
  });

  it('have the same images whatever else is in them: each stream has its own name', async () => {
    const data = await photographs(24);
    const examples = examplesOf(data, 'train', infos([0, 1]));
    const draws = () => new RandomStream(7, 'augment', 'train', 0, 3);
    const before = pixelsOf(await makeBatch(examples, [4, 5], { data, seen: 2, augment: 'crop-flip', random: draws() }));
    // Other streams of the same seed, used in between as other switches of a config would, take nothing from this one.
    for (const name of ['select', 'shuffle', 'held-out']) new RandomStream(7, name, 0).permutation(1000);
    const after = pixelsOf(await makeBatch(examples, [4, 5], { data, seen: 2, augment: 'crop-flip', random: draws() }));
    assert.ok(before.equals(after));
  });

  it('of a PNG folder and of the same pixels in memory are the same', async () => {
    const paint = (seed: number) => (x: number, y: number) => [(seed * 31 + 7 * x) % 256, (5 * y + seed) % 256, (x * y) % 256] as const;
    const files = Object.fromEntries(
      ['a', 'b'].flatMap((name, c) =>
        [0, 1, 2].flatMap((i) => ['train', 'val'].map((part) => [`${part}/${name}/${i}.png`, png(32, 32, paint(3 * c + i))])),
      ),
    );
    const data = await load({ dataSet: 'image-folder', dataPath: writeTree(folder(), files), imageSize: 32 });
    const bytes = Uint8Array.from({ length: 6 * 32 * 32 * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3) % 1024;
      return paint(Math.floor(i / 3072))(pixel % 32, Math.floor(pixel / 32))[i % 3] ?? 0;
    });
    const memory: DataSet = { ...data, train: { ...data.train, images: bytes } };
    const [stored, kept] = [examplesOf(data, 'train', infos([1, 0])), examplesOf(memory, 'train', infos([1, 0]))];
    for (const augment of ['none', 'crop-flip'] as const) {
      const read = async (examples: Examples) =>
        pixelsOf(await makeBatch(examples, [5, 0, 3], { data, seen: 2, augment, random: new RandomStream(1, 'x') }));
      assert.ok((await read(stored)).equals(await read(kept)), augment);
    }
  });

  it('may mix images of files with exemplars, each in its own row', async () => {
    const data = await photographs(24);
    const size = 24 * 24 * 3;
    const fresh = examplesOf(data, 'train', infos([0, 1]));
    const images = joined(fresh.images, floatImages(new Float32Array(2 * size).fill(9), size));
    const pixels = await readRange(images, size, fresh.images.count - 1, 3, new Float32Array(3 * size));
    assert.ok(pixels.subarray(size).every((value) => value === 9));
    assert.ok(pixels.subarray(0, size).every((value) => Math.abs(value) < 9));
  });

  it('crop exemplars as they crop images: a part of what is stored, brought to its size', async () => {
    const data = await photographs(72);
    const ramp = Float32Array.from({ length: 72 * 72 * 3 }, (_, i) => (Math.floor(i / 3) % 72) / 72);
    const examples: Examples = { images: floatImages(ramp, ramp.length), classes: new Int32Array(1) };
    const { images, oneHot } = await makeBatch(examples, [0], { data, seen: 1, augment: 'crop', random: new RandomStream(3, 'x') });
    const row = [...(images.dataSync() as Float32Array).subarray(0, 72 * 3)].filter((_, i) => i % 3 === 0);
    images.dispose();
    oneHot.dispose();
    const [from, to] = [row[0] ?? NaN, row.at(-1) ?? NaN];
    // A part of the ramp is a ramp with a smaller slope.
    assert.ok(to > from && to - from < 0.97, `${from} ${to}`);
    assert.ok(row.every((value, x) => x < 1 || value >= (row[x - 1] ?? 0)));
  });

  it('are begun ahead where images are decoded, and only there', async () => {
    const data = await load({ trainPerClass: 2, testPerClass: 1 });
    const begun: number[] = [];
    const source = (decodes: boolean): ImageSource => ({ count: 8, decodes, write: (i) => void begun.push(i) });
    for (const decodes of [true, false]) {
      begun.length = 0;
      const examples: Examples = { images: source(decodes), classes: new Int32Array(8) };
      const batchOf = batchesAhead(examples, { data, seen: 1 }, (step) => ({ rows: [step], augment: 'none', random: new RandomStream(1) }));
      pixelsOf(await batchOf(0));
      assert.deepEqual(begun, decodes ? [0, 1] : [0]);
      pixelsOf(await batchOf(1));
      assert.deepEqual(begun, decodes ? [0, 1, 2] : [0, 1]);
    }
  });

  it('of images in files are read while the engine holds the main thread', async () => {
    const data = await photographs(72);
    const examples = examplesOf(data, 'train', infos([0, 1]));
    const batchOf = batchesAhead(examples, { data, seen: 2 }, stepOf(examples, 'crop-flip', 4));
    pixelsOf(await batchOf(0));
    // As a step does: nothing else happens on this thread. Had the next batch not been read meanwhile, its files would be missed after.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
    const { images } = data.train;
    assert.ok(images instanceof ImageFiles);
    for (const path of images.paths) rmSync(path);
    assert.equal(pixelsOf(await batchOf(1)).length, 4 * (4 * 72 * 72 * 3 + 4 * 2));
  });

  it('tell of a broken image when it is asked for, not when it is read ahead', async () => {
    const data = await load({ trainPerClass: 2, testPerClass: 1 });
    const images: ImageSource = {
      count: 2,
      decodes: true,
      write: (i) => (i === 1 ? Promise.reject(new Error('broken')) : Promise.resolve()),
    };
    const batchOf = batchesAhead({ images, classes: new Int32Array(2) }, { data, seen: 1 }, (step) => ({
      rows: [step],
      augment: 'none',
      random: new RandomStream(1),
    }));
    pixelsOf(await batchOf(0));
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(batchOf(1), /broken/);
  });
});
