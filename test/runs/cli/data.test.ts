import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryFolders } from '../../store/support/temporaryFolder';
import { membersOf, tar } from '../../data/support/archives';
import { cifar10Files, cifarRecords } from '../../data/support/cifarFiles';
import { ByteLine } from '../../../src/trainer/terminal/byteLine';
import { runCli, startCli } from './support/runCli';

describe('data import and data list', function () {
  this.timeout(60_000);
  const folder = temporaryFolders();

  it('import what a user has, list it, and read it without a dataPath', async () => {
    const dir = folder();
    const env = { MNEMONICS_DATA: 'data' };
    writeFileSync(join(dir, 'c10.tar'), tar(membersOf(cifar10Files(), 'cifar-10-batches-bin/')));
    const end = await runCli(['data', 'import', 'cifar10', '--from', 'c10.tar'], dir, env);
    assert.deepEqual(
      [end.code, end.stdout],
      [0, `cifar10 is imported: 10 classes, 150 training and 10 test images (checked by its form), in ${join(dir, 'data', 'cifar10')}\n`],
    );
    assert.match(end.stderr, /^Copying cifar10 \d+ % of 500 kB\n[^]*Checking cifar10\n$/);

    const [list, table] = await Promise.all([runCli(['data', 'list', '--json'], dir, env), runCli(['data', 'list'], dir, env)]);
    const sets = JSON.parse(list.stdout) as {
      name: string;
      state: string;
      folder: string | null;
      verified: string | null;
      classes: number;
    }[];
    const { name, state, folder: where, verified, classes } = sets.find((set) => set.name === 'cifar10') ?? assert.fail();
    assert.deepEqual([name, state, where, verified, classes], ['cifar10', 'imported', join(dir, 'data', 'cifar10'), 'form', 10]);
    assert.match(table.stdout, /cifar10 +CIFAR-10, small photographs +10 +imported, checked by its form\n/);
    assert.match(table.stdout, /cifar100 .* get cifar-100-binary\.tar\.gz, the binary version; then: data import cifar100 --from PATH\n/);
    assert.match(table.stdout, /MNIST, handwritten digits +10 +built in\n/);

    writeFileSync(join(dir, 'x.mnemonics.json'), '{ "dataSet": "cifar10" }');
    const run = await runCli(['run', 'x.mnemonics.json'], dir, env);
    assert.deepEqual(
      [run.code, /"exemplarsPerClass" is 20, but class \w has only 15 training images/.test(run.stderr)],
      [2, true],
      run.stderr,
    );
  });

  const WRONG: [title: string, args: string[], code: number, message: RegExp][] = [
    ['a set that is not known', ['cifar', '--from', '.'], 2, /"cifar" is no data set; use one of mnist, /],
    ['a call without a path', ['cifar100'], 2, /"data import" needs --from PATH: where you have cifar-100-binary\.tar\.gz/],
    ['the set that is built in', ['mnist', '--from', '.'], 2, /mnist is built in; it needs no import/],
    ['a folder without the files', ['cifar100', '--from', '.'], 3, /lacks train\.bin \(it has nothing\); name cifar-100-binary/],
  ];
  for (const [title, args, code, message] of WRONG) {
    it(`refuse ${title} with exit code ${code}, one sentence and nothing written`, async () => {
      const dir = folder();
      const end = await runCli(['data', 'import', ...args], dir, { MNEMONICS_DATA: 'data' });
      assert.deepEqual([end.code, end.stdout], [code, '']);
      assert.match(end.stderr, /^mnemonics: [^\n]+\.\n$/);
      assert.match(end.stderr, message);
      assert.deepEqual(readdirSync(dir), []);
    });
  }

  it('stop at Ctrl+C with exit code 130 and no half of a set', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'c10.tar'), tar(membersOf({ ...cifar10Files(), 'data_batch_1.bin': cifarRecords(10, 1, 3000) })));
    const { child, ended } = startCli(['data', 'import', 'cifar10', '--from', 'c10.tar'], dir, { MNEMONICS_DATA: 'data' });
    while (!existsSync(join(dir, 'data', '.importing-cifar10', 'lock')) && child.exitCode === null) await wait(1);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    assert.deepEqual([code, stdout], [130, ''], stderr);
    assert.match(stderr, /mnemonics: The import was stopped; the same call goes on from what is copied\.\n$/);
    assert.deepEqual(readdirSync(join(dir, 'data')), ['.importing-cifar10']);
    const files = join(dir, 'data', '.importing-cifar10', 'files');
    assert.deepEqual(
      (existsSync(files) ? readdirSync(files) : []).filter((name) => name.endsWith('.part')),
      [],
    );
    const again = await runCli(['data', 'import', 'cifar10', '--from', 'c10.tar', '--json'], dir, { MNEMONICS_DATA: 'data' });
    const { trainImages, verified } = JSON.parse(again.stdout) as { trainImages: number; verified: string };
    assert.deepEqual([again.code, trainImages, verified], [0, 30_140, 'form']);
  });
});

describe('The line of an import', () => {
  it('says how much is copied and how long the rest will take', () => {
    let [now, text] = [0, ''];
    const line = new ByteLine({ isTTY: true, columns: 80, write: (shown) => (text = String(shown)) }, () => now);
    line.show('Copying cifar100', { doneBytes: 0, totalBytes: 170e6 });
    assert.match(text, /Copying cifar100 0 % of 170 MB$/);
    now = 10_000;
    line.show('Copying cifar100', { doneBytes: 34e6, totalBytes: 170e6 });
    assert.match(text, /Copying cifar100 20 % of 170 MB, 40 s left$/);
  });

  it('where it goes to a file, comes at every tenth', () => {
    const lines: string[] = [];
    const line = new ByteLine({ write: (text) => lines.push(String(text)) }, () => 0);
    for (let i = 0; i <= 100; i++) line.show('x', { doneBytes: i, totalBytes: 100 });
    assert.equal(lines.length, 11);
  });
});
