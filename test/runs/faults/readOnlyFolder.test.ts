import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { readRunSummary } from '../../../src/store/readRun';
import { rejectsWith } from '../../store/support/rejects';
import { startCli } from '../cli/support/runCli';
import { failingDisk } from './support/failingDisk';
import { startUntil } from './support/logged';
import { smallDisk } from './support/smallDisk';
import { interruptedRun, newPath, resume, start, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';

describe('A run folder that may only be read', function () {
  this.timeout(60_000);

  /** Root may write everywhere but for this right, which a process can give away; null where that can't be done. */
  const withoutRoot = (): string[] | null => {
    if (process.getuid?.() !== 0) return [];
    const under = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
    return spawnSync(under[0] as string, [...under.slice(1), 'true']).status === 0 ? under : null;
  };

  it('by its permissions: resume is refused by a sentence and exit code 5, nothing is changed; with them restored it goes on', async function () {
    const under = withoutRoot();
    if (!under) return this.skip();
    const runDir = await interruptedRun();
    const before = readdirSync(runDir, { recursive: true }).map(String).sort();
    const run = readFileSync(join(runDir, 'run.json'), 'utf8');
    chmodSync(runDir, 0o555);
    const { code, stdout, stderr } = await startCli(['resume', runDir], tmpdir(), {}, under).ended;
    chmodSync(runDir, 0o755);
    assert.deepEqual([code, stdout], [5, ''], stderr);
    assert.match(stderr, /^mnemonics: [^\n]*can't be written: access is denied, so change its permissions\.\n$/m);
    assert.deepEqual(readdirSync(runDir, { recursive: true }).map(String).sort(), before);
    assert.equal(readFileSync(join(runDir, 'run.json'), 'utf8'), run);
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });

  it('because its disk is: neither a new run nor one that goes on is begun, and the run is shown', async function () {
    const disk = smallDisk();
    if (!disk) return this.skip();
    try {
      const runDir = join(disk.path, 'run');
      cpSync(await interruptedRun(), runDir, { recursive: true });
      disk.remount('ro');
      await rejectsWith(start(join(disk.path, 'new')), 5, /can't be written: the disk is read-only, so choose another folder/);
      await rejectsWith(resume(runDir), 5, /can't be written: the disk is read-only, so choose another folder/);
      assert.equal((await readRunSummary(runDir, 'run')).state, 'stopped');
    } finally {
      disk.unmount();
    }
  });

  it('by its permissions from the middle of a run on: it ends with a sentence, and goes on from there once it may', async function () {
    const under = withoutRoot();
    if (!under) return this.skip();
    const runDir = newPath();
    const { ended } = await startUntil(runDir, 'stage-ended', { under });
    chmodSync(runDir, 0o555);
    const { code, stderr } = await ended;
    chmodSync(runDir, 0o755);
    assert.equal(code, 5, stderr);
    assert.match(stderr, /^mnemonics: [^\n]*can't be written: access is denied, so change its permissions\.\n$/m);
    assert.equal((await readRunSummary(runDir, 'run')).state, 'interrupted');
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });

  it('because its disk finds an error in itself in the middle of a run: the same, once it is repaired', async function () {
    const disk = failingDisk();
    if (!disk) return this.skip();
    try {
      const runDir = join(disk.path, 'run');
      const { ended } = await startUntil(runDir, 'stage-ended');
      disk.fail();
      const { code, stderr } = await ended;
      assert.equal(code, 5, stderr);
      assert.match(
        stderr,
        /^mnemonics: [^\n]*can't be written: the disk (is read-only, so choose another folder|reports an error, so check the disk)\.\n$/m,
      );
      assert.equal((await readRunSummary(runDir, 'run')).state, 'interrupted');
      disk.repair();
      await resume(runDir);
      assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
    } finally {
      disk.remove();
    }
  });
});
