import assert from 'node:assert/strict';
import { loadDataSet } from '../../src/data/loadDataSet';
import { configSchema, type ConfigInput } from '../../src/protocol/config';
import { rejectsWith } from '../store/support/rejects';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { idx, idxFiles } from './support/idx';
import { writeTree } from './support/images';

const load = (config: ConfigInput) => loadDataSet(configSchema.parse(config), '/', { MNEMONICS_DATA: '/nowhere' });

describe('IDX sets', () => {
  const folder = temporaryFolders();
  const write = (change: Record<string, Uint8Array> = {}, files = idxFiles(26, 13, 8)) => writeTree(folder(), { ...files, ...change });

  it('of own images have the size and the classes that the files have, and statistics of the training images', async () => {
    const { classNames, height, width, channels, mean, std, train } = await load({ dataSet: 'idx', dataPath: write() });
    assert.deepEqual([classNames.length, classNames[12], height, width, channels, train.labels.length], [13, '12', 8, 8, 1, 26]);
    // Images of the values 0 … 25: mean 12.5, variance (26² − 1) / 12.
    assert.deepEqual([mean, std], [[0.049], [0.0294]]);
  });

  it('keep their statistics when a part of the images is used', async () => {
    const dataPath = write();
    const part = await load({ dataSet: 'idx', dataPath, trainPerClass: 1, testPerClass: 1 });
    assert.deepEqual([part.mean, part.std, part.train.labels.length], [[0.049], [0.0294], 13]);
  });

  it('called fashion-mnist have its names and its known statistics; kmnist is computed', async () => {
    const dataPath = write({}, idxFiles(20, 10, 28));
    const fashion = await load({ dataSet: 'fashion-mnist', dataPath });
    assert.deepEqual([fashion.classNames[9], fashion.mean, fashion.std], ['Ankle boot', [0.286], [0.353]]);
    assert.deepEqual([(await load({ dataSet: 'kmnist', dataPath })).classNames[4], fashion.name], ['na', 'fashion-mnist']);
    assert.notDeepEqual((await load({ dataSet: 'kmnist', dataPath })).mean, fashion.mean);
  });

  const WRONG: [title: string, change: Record<string, Uint8Array>, message: RegExp][] = [
    [
      'one class',
      { 'train-labels-idx1-ubyte': idx(0x801, [26], 26), 't10k-labels-idx1-ubyte': idx(0x801, [26], 26) },
      /has images of 1 class; a data set needs two/,
    ],
    [
      'a test label that training does not have',
      { 't10k-labels-idx1-ubyte': idx(0x801, [26], new Uint8Array(26).fill(13)) },
      /t10k-labels-idx1-ubyte has the label 13 at image 0, expected 0 to 12/,
    ],
    [
      'test images of another size',
      { 't10k-images-idx3-ubyte': idx(0x803, [26, 8, 9], 26 * 72) },
      /has images of 8 × 9 pixels, those of .*train-images-idx3-ubyte have 8 × 8/,
    ],
    [
      'a label without images',
      Object.fromEntries(
        ['train', 't10k'].map((part) => [
          `${part}-labels-idx1-ubyte`,
          idx(
            0x801,
            [26],
            Uint8Array.from({ length: 26 }, (_, i) => (i ? 2 : 0)),
          ),
        ]),
      ),
      /Class "1" has 0 training images/,
    ],
  ];
  for (const [title, change, message] of WRONG) {
    it(`are refused where they have ${title}`, () => rejectsWith(load({ dataSet: 'idx', dataPath: write(change) }), 3, message));
  }

  it('say how to be had where they are not here', () =>
    rejectsWith(
      load({ dataSet: 'kmnist' }),
      3,
      /kmnist is not built in: get .* of Kuzushiji-MNIST, then import it with "data import kmnist --from PATH"/,
    ));
});
