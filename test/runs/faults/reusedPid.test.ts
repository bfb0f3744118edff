import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownIdentity } from '../../../src/store/processIdentity';
import { interruptedRun, resume, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';

const LOCKER = join(__dirname, '..', '..', 'store', 'support', 'lockAndWait.ts');

/** A process that gets a number that another one had, where the system lets itself be asked for that. */
function processOfNumber(pid: number): ChildProcess | null {
  for (let i = 0; i < 20; i++) {
    try {
      writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    } catch {
      return null;
    }
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    if (child.pid === pid) return child;
    child.kill('SIGKILL');
  }
  return null;
}

describe('A lock whose process has ended', function () {
  this.timeout(60_000);
  const children: ChildProcess[] = [];
  after(() => children.forEach((child) => child.kill('SIGKILL')));

  it('is taken over where its number lives again as another process, and the run ends with the same bits', async function () {
    if (ownIdentity().startTime === null) return this.skip();
    const runDir = await interruptedRun();
    const owner = spawn(process.execPath, ['--import', 'tsx', LOCKER, runDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(owner);
    await once(owner.stdout, 'data');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    let pid = owner.pid as number;
    let heir = processOfNumber(pid);
    if (!heir) {
      // Not permitted here: the lock gets the number of a process that began later, which comes to the same.
      heir = spawn('sleep', ['60'], { stdio: 'ignore' });
      pid = heir.pid as number;
      const lock = join(runDir, 'lock.json');
      writeFileSync(lock, JSON.stringify({ ...(JSON.parse(readFileSync(lock, 'utf8')) as object), pid }));
    }
    children.push(heir);
    const notices: string[] = [];
    await resume(runDir, undefined, (text) => notices.push(text));
    assert.match(notices.join(), new RegExp(`The lock of process ${pid}, which has ended, was taken over`));
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });
});
