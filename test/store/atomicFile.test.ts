import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../src/store/atomicFile';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

describe('writeFileAtomic', () => {
  const folder = temporaryFolders();

  it('makes the folder, writes all parts and leaves nothing else', async () => {
    const dir = join(folder(), 'phase-00');
    await writeFileAtomic(join(dir, 'x'), [Buffer.from('a'), Buffer.from('bc')]);
    assert.equal(readFileSync(join(dir, 'x'), 'utf8'), 'abc');
    assert.deepEqual(readdirSync(dir), ['x']);
  });

  it('replaces the content', async () => {
    const path = join(folder(), 'x');
    await writeFileAtomic(path, 'a longer old text');
    await writeFileAtomic(path, 'new');
    assert.equal(readFileSync(path, 'utf8'), 'new');
  });

  it('leaves no temporary file and the old content where the rename fails', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'x'));
    writeFileSync(join(dir, 'x', 'inside'), 'old');
    await rejectsWith(writeFileAtomic(join(dir, 'x'), 'new'), 5, /x can't be written/);
    assert.deepEqual([readdirSync(dir), readdirSync(join(dir, 'x'))], [['x'], ['inside']]);
  });

  it('leaves no temporary file where the writing fails', async () => {
    const dir = folder();
    const broken = [Buffer.from('a'), 7 as unknown as Uint8Array];
    await rejectsWith(writeFileAtomic(join(dir, 'x'), broken), 5, /can't be written/);
    assert.deepEqual(readdirSync(dir), []);
  });

  it('makes no folder that it is to write within', async () => {
    const dir = join(folder(), 'run');
    await rejectsWith(writeFileAtomic(join(dir, 'phase-00', 'x'), 'new', { within: dir }), 5, /x can't be written: it isn't there/);
    await rejectsWith(writeFileAtomic(join(dir, 'x'), 'new', { within: dir }), 5, /x can't be written: it isn't there/);
    assert.equal(existsSync(dir), false);
    mkdirSync(dir);
    await writeFileAtomic(join(dir, 'phase-00', 'x'), 'new', { within: dir });
    assert.equal(readFileSync(join(dir, 'phase-00', 'x'), 'utf8'), 'new');
  });

  it('names a folder that cannot be made', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'file'), '');
    await rejectsWith(writeFileAtomic(join(dir, 'file', 'x'), 'new'), 5, /file can't be written: a file has that name/);
  });
});
