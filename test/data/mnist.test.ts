import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadDataSet } from '../../src/data/loadDataSet';
import { configSchema, type ConfigInput } from '../../src/protocol/config';
import { dataFingerprintSchema } from '../../src/protocol/runFile';
import { rejectsWith } from '../store/support/rejects';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { bytesOf } from './support/bytesOf';
import { idx } from './support/idx';

const load = (config: ConfigInput, dir = '/') => loadDataSet(configSchema.parse(config), dir);

describe('MNIST', () => {
  const folder = temporaryFolders();

  it('is built in, the same on every machine', async () => {
    const data = await load({});
    assert.deepEqual(dataFingerprintSchema.parse(data.fingerprint), {
      dataSet: 'mnist',
      sha256: 'ca679089cd9dd461d7b26e36e51216fc71f9271f8082e09656a7c1d29a50483b',
      trainImages: 60_000,
      testImages: 10_000,
      normalization: { mean: [0.1307], std: [0.3081] },
    });
    assert.deepEqual([data.height, data.width, data.channels, data.classNames.length], [28, 28, 1, 10]);
    assert.deepEqual([bytesOf(data.train).length, bytesOf(data.test).length], [60_000 * 784, 10_000 * 784]);
    // The first digits of both parts, as everyone knows them.
    assert.deepEqual(
      [[...data.train.labels.subarray(0, 5)], [...data.test.labels.subarray(0, 5)]],
      [
        [5, 0, 4, 1, 9],
        [7, 2, 1, 0, 4],
      ],
    );
    const mean = bytesOf(data.train).reduce((sum, pixel) => sum + pixel, 0) / bytesOf(data.train).length / 255;
    assert.ok(Math.abs(mean - data.mean[0]!) < 5e-5);
  });

  it('is cut down to the first images of each class', async () => {
    const { train, test, fingerprint } = await load({ trainPerClass: 3, testPerClass: 2 });
    const counts = (labels: Uint16Array) => Array.from({ length: 10 }, (_, c) => labels.filter((label) => label === c).length);
    assert.deepEqual([counts(train.labels), counts(test.labels)], [Array(10).fill(3), Array(10).fill(2)]);
    assert.deepEqual([fingerprint.trainImages, fingerprint.testImages, bytesOf(train).length], [30, 20, 30 * 784]);
  });

  it('says which field asks for more images than there are', () =>
    rejectsWith(load({ testPerClass: 2000 }), 3, /test images where 2000 are needed; lower testPerClass/));

  /** Files of the same form: two images of each digit in both parts. */
  const ownFiles = (change: Record<string, Uint8Array | null> = {}) => {
    const dir = join(folder(), 'digits');
    mkdirSync(dir);
    const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 10);
    const images = Uint8Array.from({ length: 20 * 784 }, (_, i) => Math.floor(i / 784));
    const files: Record<string, Uint8Array | null> = {
      'train-images-idx3-ubyte': idx(0x803, [20, 28, 28], images),
      'train-labels-idx1-ubyte': idx(0x801, [20], labels),
      't10k-images-idx3-ubyte': idx(0x803, [20, 28, 28], images),
      't10k-labels-idx1-ubyte': idx(0x801, [20], labels),
      ...change,
    };
    for (const [name, bytes] of Object.entries(files)) if (bytes) writeFileSync(join(dir, name), bytes);
    return dir;
  };

  it('may come from a folder, relative to the experiment, compressed or not, with the same fingerprint', async () => {
    const plain = ownFiles();
    const name = 'train-images-idx3-ubyte';
    const packed = ownFiles({ [name]: null, [`${name}.gz`]: gzipSync(readFileSync(join(plain, name))) });
    const [a, b] = [await load({ dataPath: 'digits' }, join(plain, '..')), await load({ dataPath: packed })];
    assert.deepEqual(a.fingerprint, b.fingerprint);
    assert.deepEqual([bytesOf(a.train)[0], bytesOf(a.train)[784], bytesOf(b.train)[19 * 784]], [0, 1, 19]);
    assert.notEqual(a.fingerprint.sha256, (await load({})).fingerprint.sha256);
  });

  const WRONG: [title: string, change: Record<string, Uint8Array | null>, message: RegExp][] = [
    ['lacks a file', { 't10k-labels-idx1-ubyte': null }, /t10k-labels-idx1-ubyte is not in .*digits; .*dataPath/],
    ['has labels for other images', { 'train-labels-idx1-ubyte': idx(0x801, [3], 3) }, /has 3 labels for the 20 images/],
    [
      'has a label above nine',
      { 'train-labels-idx1-ubyte': idx(0x801, [20], new Uint8Array(20).fill(10)) },
      /label 10 at image 0, expected 0 to 9/,
    ],
    [
      'has images of another size',
      { 'train-images-idx3-ubyte': idx(0x803, [20, 27, 28], 20 * 27 * 28) },
      /27 × 28 pixels, expected 28 × 28/,
    ],
    ['has a class without images', { 'train-labels-idx1-ubyte': idx(0x801, [20], 20) }, /Class "1" has 0 training images/],
    [
      'has a damaged compressed file',
      { 'train-images-idx3-ubyte': null, 'train-images-idx3-ubyte.gz': Buffer.from('x') },
      /\.gz can't be unpacked/,
    ],
  ];
  for (const [title, change, message] of WRONG) {
    it(`is refused where the folder ${title}`, () => rejectsWith(load({ dataPath: ownFiles(change) }), 3, message));
  }
  it('is refused where the folder does not exist or is a file', async () => {
    await rejectsWith(load({ dataPath: '/nowhere' }), 3, /is not in \/nowhere/);
    const file = join(ownFiles(), 'train-labels-idx1-ubyte');
    assert.ok(existsSync(file));
    await rejectsWith(load({ dataPath: file }), 3, /is not a folder/);
  });
});
