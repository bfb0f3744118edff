import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDataSet } from '../../../src/data/loadDataSet';
import { ImageFiles } from '../../../src/data/images/imageFiles';
import { chosenClasses } from '../../../src/data/images/readImageTree';
import { imagenetSubset } from '../../../src/protocol/dataSets/imagenetSubset';
import { configSchema, type ConfigInput } from '../../../src/protocol/config';
import { rejectsWith } from '../../store/support/rejects';
import { temporaryFolders } from '../../store/support/temporaryFolder';
import { jpeg, png, smallSet, writeTree, type Paint } from '../support/images';

const load = (config: ConfigInput) => loadDataSet(configSchema.parse({ dataSet: 'image-folder', imageSize: 32, ...config }), '/', {});

const filesOf = (images: unknown): ImageFiles => {
  assert.ok(images instanceof ImageFiles);
  return images;
};

describe('A folder of images', function () {
  this.timeout(20_000);
  const folder = temporaryFolders();
  const set = (change: (dir: string) => void = () => undefined, files = smallSet()) => {
    const dir = writeTree(folder(), files);
    change(dir);
    return dir;
  };

  it('has the classes of its folders, and its images in the order of their names', async () => {
    const dir = set((at) =>
      writeTree(at, { '.hidden/x.png': 'x', 'train/cat/notes.txt': 'x', 'train/cat/more/z.png': png(9, 9, () => [1, 2, 3]) }),
    );
    const data = await load({ dataPath: dir });
    assert.deepEqual([data.classNames, data.height, data.width, data.channels], [['cat', 'dog'], 32, 32, 3]);
    assert.deepEqual(
      [[...data.train.labels], [...data.test.labels]],
      [
        [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
        [0, 0, 0, 1, 1, 1],
      ],
    );
    assert.deepEqual(
      filesOf(data.train.images)
        .paths.slice(0, 7)
        .map((path) => path.slice(dir.length + 1)),
      ['0.png', '1.jpg', '2.png', '3.jpg', '4.png', '5.jpg', 'more/z.png'].map((name) => `train/cat/${name}`),
    );
    assert.equal(data.practice, 'padded-crop');
    assert.deepEqual(data.fingerprint.normalization, { mean: data.mean, std: data.std });
  });

  it('without parts gives every fifth image of a class by name to the test', async () => {
    const dir = set((at) => {
      for (const name of ['cat', 'dog']) renameSync(join(at, 'train', name), join(at, name));
      for (const part of ['train', 'val']) rmSync(join(at, part), { recursive: true });
    });
    const { train, test } = await load({ dataPath: dir });
    assert.deepEqual(
      filesOf(test.images).paths.map((path) => path.slice(dir.length + 1)),
      ['cat/4.png', 'dog/4.png'],
    );
    assert.deepEqual([train.labels.length, test.labels.length], [10, 2]);
  });

  it('may call its test part "test", and takes the first images of each class where that is asked', async () => {
    const dir = set((at) => renameSync(join(at, 'val'), join(at, 'test')));
    const { train, test } = await load({ dataPath: dir, trainPerClass: 2, testPerClass: 1 });
    assert.deepEqual(
      [[...train.labels], [...test.labels]],
      [
        [0, 0, 1, 1],
        [0, 1],
      ],
    );
    assert.ok(filesOf(train.images).paths[2]?.endsWith('train/dog/0.png'));
  });

  it('gives the pixels of images that have the size already', async () => {
    const paint: Paint = (x, y) => [x * 8, y * 8, x + y];
    const one = png(32, 32, paint);
    const files = Object.fromEntries(['train/a/0.png', 'train/b/0.png', 'val/a/0.png', 'val/b/0.png'].map((path) => [path, one]));
    const { train, mean, std } = await load({ dataPath: writeTree(folder(), files) });
    const pixels = await filesOf(train.images).read(1);
    assert.deepEqual([...pixels.subarray(3 * (32 * 5 + 3), 3 * (32 * 5 + 3) + 3)], [24, 40, 8]);
    // 0 … 248 in steps of 8.
    assert.deepEqual([mean[0], std[0]], [0.4863, 0.2897]);
  });

  it('has another fingerprint once an image is another, has another name or is gone', async () => {
    const sum = async (dir: string) => (await load({ dataPath: dir })).fingerprint.sha256;
    const first = await sum(set());
    assert.equal(await sum(set()), first);
    const path = (at: string) => join(at, 'train', 'cat', '3.jpg');
    const other = await Promise.all([
      sum(
        set((at) =>
          writeFileSync(
            path(at),
            jpeg(20, 20, () => [9, 9, 9]),
          ),
        ),
      ),
      sum(set((at) => renameSync(path(at), `${path(at)}.jpg`))),
      sum(set((at) => rmSync(path(at)))),
    ]);
    assert.equal(new Set([first, ...other]).size, 4);
  });

  const emptyClass = (at: string) => mkdirSync(join(at, 'train', 'emu')) ?? mkdirSync(join(at, 'val', 'emu'));
  const WRONG: [title: string, change: (dir: string) => unknown, message: RegExp][] = [
    ['has an empty class folder', emptyClass, /class folder .*train\/emu has no JPEG or PNG images; add some/],
    [
      'has no images at all',
      (at) => rmSync(join(at, 'train'), { recursive: true }) ?? rmSync(join(at, 'val'), { recursive: true }),
      /has no images; it must hold a folder for each class/,
    ],
    [
      'has images without class folders',
      (at) =>
        ['cat', 'dog'].forEach((c) => rmSync(join(at, 'val', c), { recursive: true })) ?? writeFileSync(join(at, 'val', 'x.png'), 'x'),
      /val has 1 images, but no folder for each class/,
    ],
    ['has no test part', (at) => rmSync(join(at, 'val'), { recursive: true }), /has a folder train, but neither val nor test/],
    ['has a class without test images', (at) => rmSync(join(at, 'val', 'dog'), { recursive: true }), /val has no folder for the class dog/],
    [
      'has a class without training images',
      (at) => rmSync(join(at, 'train', 'dog'), { recursive: true }),
      /val\/dog is a class without training images/,
    ],
    [
      'has one class',
      (at) => ['train', 'val'].forEach((part) => rmSync(join(at, part, 'dog'), { recursive: true })),
      /has images of 1 class; a data set needs two/,
    ],
    ['has an image cut short', (at) => truncateSync(join(at, 'val', 'dog', '1.jpg'), 300), /val\/dog\/1\.jpg is cut short/],
    [
      'has an empty file',
      (at) => truncateSync(join(at, 'train', 'dog', '0.png'), 0),
      /train\/dog\/0\.png is no JPEG and no PNG image \(0 bytes\)/,
    ],
    [
      'has a file that only ends as an image',
      (at) => writeFileSync(join(at, 'train', 'dog', '0.png'), '<html>'),
      /0\.png is no JPEG and no PNG/,
    ],
    [
      'has an image of another kind',
      (at) => writeFileSync(join(at, 'train', 'dog', 'a.webp'), 'x'),
      /a\.webp is an image of a kind that isn't read/,
    ],
    ['has an image with a broken middle', (at) => spoil(join(at, 'train', 'cat', '2.png')), /2\.png can't be decoded as a PNG image/],
    ['is a file', (at) => rmSync(at, { recursive: true }) ?? writeFileSync(at, 'x'), /can't be read: it is no folder/],
    ["isn't there", (at) => rmSync(at, { recursive: true }), /can't be read: it isn't there/],
  ];
  for (const [title, change, message] of WRONG) {
    it(`is refused by name where it ${title}`, () => rejectsWith(load({ dataPath: set(change) }), 3, message));
  }

  it('is the only kind of set with an image size', () =>
    rejectsWith(load({ dataSet: 'mnist' }), 2, /"imageSize" is for folders of images/));

  it('is decoded in worker threads that let the process end', () => {
    const dir = set();
    const script = `require(${JSON.stringify(join(__dirname, '../../../src/data/readDataSet.ts'))}).readDataSet('image-folder', ${JSON.stringify(dir)}, { imageSize: 16 })
      .then(async ({ train }) => console.log((await train.images.read(0)).length, require('node:worker_threads').isMainThread))`;
    const output = execFileSync(process.execPath, ['--import', `file://${require.resolve('tsx')}`, '-e', script], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    assert.equal(output, '768 true\n');
  });
});

function spoil(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0x55, 45, bytes.length - 20);
  writeFileSync(path, bytes);
}

describe('ImageNet-Subset', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `n${String(10_000 + i)}`);
  const { subset } = imagenetSubset;
  assert.ok(subset);

  it("has the hundred classes of numpy's choice with seed 1993, in the order of their names", () => {
    const expected = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'imagenet-subset.json'), 'utf8')) as number[];
    assert.deepEqual(
      chosenClasses(names, subset, '/imagenet'),
      [...expected].sort((a, b) => a - b).map((i) => names[i]),
    );
  });

  it('takes a folder that has a hundred as it is, and no other number', async () => {
    assert.equal(chosenClasses(names.slice(0, 100), subset, '/imagenet').length, 100);
    await rejectsWith(
      () => chosenClasses(names.slice(0, 999), subset, '/imagenet'),
      3,
      /\/imagenet has 999 class folders, expected the 1000/,
    );
  });
});
