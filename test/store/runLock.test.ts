import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../src/protocol/errors';
import { hasEnded, ownIdentity } from '../../src/store/processIdentity';
import { acquireRunLock, isRunAlive } from '../../src/store/runLock';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

const LOCKER = join(__dirname, 'support', 'lockAndWait.ts');

describe('A run lock', () => {
  const folder = temporaryFolders();
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  /** A process that holds the lock of a folder until it is killed. */
  const lockedBy = async (dir: string): Promise<ChildProcess> => {
    child = spawn(process.execPath, ['--import', 'tsx', LOCKER, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout!, 'data');
    return child;
  };

  it('of a living process is refused, naming it', async () => {
    const dir = folder();
    const { pid } = await lockedBy(dir);
    await rejectsWith(acquireRunLock(dir), 5, new RegExp(`being written by process ${pid}; stop that run first`));
    assert.equal(await isRunAlive(dir), true);
  });

  it('of a killed process is taken over, and that is told', async () => {
    const dir = folder();
    const owner = await lockedBy(dir);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    assert.equal(await isRunAlive(dir), false);
    const lock = await acquireRunLock(dir);
    assert.equal(lock.takenOverFrom, owner.pid);
    assert.equal(await isRunAlive(dir), true);
    await lock.release();
    assert.deepEqual(readdirSync(dir), []);
  });

  it('is held by one of many that take over the same stale one', async () => {
    const dir = folder();
    writeLock(dir, { startTime: '1' });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireRunLock(dir)));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.deepEqual(readdirSync(dir), ['lock.json']);
  });

  it('is held by one of many that begin at once', async () => {
    const dir = folder();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireRunLock(dir)));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('is taken over where the pid now belongs to another process', async function () {
    if (ownIdentity().startTime === null) return this.skip();
    const dir = folder();
    writeLock(dir, { startTime: '1' });
    assert.equal((await acquireRunLock(dir)).takenOverFrom, process.pid);
  });

  it('is taken over where the machine was started anew', async function () {
    if (ownIdentity().bootId === null) return this.skip();
    const dir = folder();
    writeLock(dir, { bootId: 'before' });
    assert.equal(await isRunAlive(dir), false);
  });

  it('of another machine is refused, saying which file to delete', async () => {
    const dir = folder();
    writeLock(dir, { host: 'elsewhere', bootId: 'other', pid: 2 ** 22 });
    await rejectsWith(acquireRunLock(dir), 5, /on elsewhere; .*delete .*lock\.json if you know that it has ended/);
  });

  it('that is no JSON is taken over', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'lock.json'), '{"pid":');
    assert.equal((await acquireRunLock(dir)).takenOverFrom, null);
    assert.deepEqual(readdirSync(dir), ['lock.json']);
  });

  it('that is a link is refused, also one that leads to nothing', async () => {
    const dir = folder();
    for (const target of ['nothing', 'file']) {
      writeFileSync(join(dir, 'file'), '');
      symlinkSync(join(dir, target), join(dir, 'lock.json'));
      await rejectsWith(acquireRunLock(dir), 5, /lock\.json is a link, and nothing is written through a link/);
      rmSync(join(dir, 'lock.json'));
      assert.deepEqual([readdirSync(dir), readFileSync(join(dir, 'file'), 'utf8')], [['file'], '']);
    }
  });

  it('is released by its holder only', async () => {
    const dir = folder();
    const lock = await acquireRunLock(dir);
    writeLock(dir, {});
    const other = readFileSync(join(dir, 'lock.json'), 'utf8');
    await lock.release();
    assert.equal(readFileSync(join(dir, 'lock.json'), 'utf8'), other);
  });
});

describe('The lock of a folder that is moved away at any moment', () => {
  const folder = temporaryFolders();

  it('is held, or the folder is said to be gone', async () => {
    const dir = join(folder(), 'run');
    mkdirSync(dir);
    const lock = await acquireRunLock(dir);
    let [moves, gone] = [0, 0];
    while (moves < 300) {
      const asked = lock.assertHeld().then(
        () => 'held',
        (error: unknown) => (error instanceof LabError ? error.message : String(error)),
      );
      // As many turns of the event loop later as it takes from nothing to all of the asking.
      for (let turn = moves % 12; turn > 0; turn--) await new Promise(setImmediate);
      renameSync(dir, `${dir}-away`);
      const answer = await asked;
      if (answer !== 'held') assert.match(answer, /run was removed, moved or replaced while a run was written to it/);
      gone += Number(answer !== 'held');
      assert.equal(existsSync(dir), false);
      renameSync(`${dir}-away`, dir);
      moves++;
    }
    assert.ok(gone > 0);
    await lock.release();
  });
});

describe('hasEnded', () => {
  it('tells a zombie from a living process', async function () {
    if (ownIdentity().startTime === null) return this.skip();
    // The shell's child ends after the program has replaced the shell, which would ask for it; the program never does.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      await new Promise((resolve) => setTimeout(resolve, 800));
      assert.match(readFileSync(`/proc/${pid}/stat`, 'utf8'), /\) Z /);
      assert.equal(hasEnded({ ...ownIdentity(), pid, startTime: null }), true);
      assert.equal(hasEnded(ownIdentity()), false);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});

function writeLock(dir: string, patch: object): void {
  writeFileSync(
    join(dir, 'lock.json'),
    JSON.stringify({ schemaVersion: 1, ...ownIdentity(), token: '00000000-0000-0000-0000-000000000000', ...patch }),
  );
}
