import assert from 'node:assert/strict';
import { loadDataSet } from '../../src/data/loadDataSet';
import { configSchema } from '../../src/protocol/config';
import { rejectsWith } from '../store/support/rejects';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { bytesOf } from './support/bytesOf';
import { cifar10Files, cifarRecords } from './support/cifarFiles';
import { writeTree } from './support/images';

describe('CIFAR-10', () => {
  const folder = temporaryFolders();
  const load = (change: Record<string, Buffer> = {}) =>
    loadDataSet(configSchema.parse({ dataSet: 'cifar10', dataPath: writeTree(folder(), { ...cifar10Files(), ...change }) }), '/');

  it('is its five training files, one after the other', async () => {
    const { train, test, classNames, mean } = await load();
    // 1 + 2 + 3 + 4 + 5 images of each class.
    assert.deepEqual([train.labels.length, test.labels.length, classNames[9], mean], [150, 10, 'j', [0.4914, 0.4822, 0.4465]]);
    // The second file begins at image 10; its first image is like the first one's.
    assert.deepEqual([...bytesOf(train).subarray(10 * 3072, 10 * 3072 + 6)], [0, 10, 20, 1, 11, 21]);
    assert.deepEqual([...train.labels.subarray(9, 12)], [9, 0, 1]);
  });

  it('has one label byte in a record', () =>
    rejectsWith(
      load({ 'test_batch.bin': cifarRecords(10, 2) }),
      3,
      /test_batch\.bin is not a binary file of CIFAR-10: expected a multiple of 3073/,
    ));
  it('has ten labels', () =>
    rejectsWith(load({ 'data_batch_5.bin': cifarRecords(12, 1) }), 3, /data_batch_5\.bin has the label 10 in record 10, expected 0 to 9/));
});
