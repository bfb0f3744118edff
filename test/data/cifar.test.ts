import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadDataSet } from '../../src/data/loadDataSet';
import { configSchema, type ConfigInput } from '../../src/protocol/config';
import { rejectsWith } from '../store/support/rejects';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { bytesOf } from './support/bytesOf';
import { hasRealCifar100, unpackedOnce } from './support/realCifar100';

const RECORD = 3074;
const load = (config: ConfigInput) =>
  loadDataSet(configSchema.parse({ dataSet: 'cifar100', ...config }), '/', { MNEMONICS_DATA: '/nowhere' });

/** One record of each class; the three planes count 0, 1, 2 … from the class's number on. */
function records(): Buffer {
  return Buffer.concat(
    Array.from({ length: 100 }, (_, label) => {
      const record = Buffer.alloc(RECORD);
      record[0] = 255;
      record[1] = label;
      for (let i = 0; i < 3072; i++) record[2 + i] = (label + Math.floor(i / 1024) * 10 + (i % 1024)) % 256;
      return record;
    }),
  );
}

describe('CIFAR-100', () => {
  const folder = temporaryFolders();
  const write = (files: Record<string, Uint8Array | string>) => {
    const dir = folder();
    for (const [name, bytes] of Object.entries({ 'train.bin': records(), 'test.bin': records(), ...files }))
      writeFileSync(join(dir, name), bytes);
    return dir;
  };

  it('puts the colour planes together and takes the fine labels', async () => {
    const { train, classNames, channels } = await load({ dataPath: write({}) });
    assert.deepEqual(
      [...train.labels],
      Array.from({ length: 100 }, (_, i) => i),
    );
    assert.deepEqual([...bytesOf(train).subarray(0, 6)], [0, 10, 20, 1, 11, 21]);
    assert.deepEqual([...bytesOf(train).subarray(3072, 3075)], [1, 11, 21]);
    assert.deepEqual([classNames[7], channels], ['class 7', 3]);
  });

  it('has the names that come with it', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `name_${i}`).join('\r\n');
    assert.equal((await load({ dataPath: write({ 'fine_label_names.txt': `${names}\n\n` }) })).classNames[99], 'name_99');
    await rejectsWith(load({ dataPath: write({ 'fine_label_names.txt': 'apple\n' }) }), 3, /has 1 names, expected 100/);
  });

  it('needs a folder, and says where to get its files', () => rejectsWith(load({}), 3, /cifar-100-binary\.tar\.gz.*dataPath/));

  const badLabel = records();
  badLabel[5 * RECORD + 1] = 100;
  const WRONG: [title: string, bytes: Buffer, message: RegExp][] = [
    ['is empty', Buffer.alloc(0), /train\.bin is not .*expected a multiple of 3074 bytes, found 0/],
    ['is cut off', records().subarray(0, -1), /expected a multiple of 3074 bytes, found 307399/],
    ['has the records of CIFAR-10', Buffer.alloc(3073 * 10), /expected a multiple of 3074/],
    ['has a label out of range', badLabel, /label 100 in record 5, expected 0 to 99/],
  ];
  for (const [title, bytes, message] of WRONG) {
    it(`is refused where a file ${title}`, () => rejectsWith(load({ dataPath: write({ 'train.bin': bytes }) }), 3, message));
  }

  it('may be packed, with the same images and fingerprint', async () => {
    const plain = await load({ dataPath: write({}) });
    const dir = write({ 'train.bin.gz': gzipSync(records()) });
    rmSync(join(dir, 'train.bin'));
    const packed = await load({ dataPath: dir });
    assert.equal(packed.fingerprint.sha256, plain.fingerprint.sha256);
    assert.deepEqual(bytesOf(packed.train), bytesOf(plain.train));
  });

  it('keeps its images in its files: one that was changed or moved since is noticed, one that is open is kept', async () => {
    for (const change of [(file: string) => writeFileSync(file, Buffer.alloc(RECORD)), (file: string) => rmSync(file)]) {
      const dir = write({});
      const { train } = await load({ dataPath: dir });
      change(join(dir, 'train.bin'));
      assert.throws(() => bytesOf(train), /train\.bin was changed or moved while it was being read; put back the file as it was/);
    }
    const dir = write({});
    const { train } = await load({ dataPath: dir });
    const before = bytesOf(train);
    rmSync(dir, { recursive: true });
    assert.deepEqual(bytesOf(train), before);
  });

  (hasRealCifar100 ? it : it.skip)('reads the real files (needs them beside the checkout)', async function () {
    this.timeout(60_000);
    const dir = unpackedOnce();
    const { train, test, classNames, mean } = await load({ dataPath: dir });
    assert.deepEqual([train.labels.length, test.labels.length, classNames[0], classNames[99]], [50_000, 10_000, 'apple', 'worm']);
    assert.deepEqual(new Set(Array.from({ length: 100 }, (_, c) => train.labels.filter((label) => label === c).length)), new Set([500]));
    const sums = [0, 0, 0];
    const pixels = bytesOf(train);
    for (let i = 0; i < pixels.length; i++) sums[i % 3]! += pixels[i]!;
    sums.forEach((sum, channel) => assert.ok(Math.abs(sum / (50_000 * 1024) / 255 - mean[channel]!) < 1e-3));
  });
});
