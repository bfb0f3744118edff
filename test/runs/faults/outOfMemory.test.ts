import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { toErrorInfo } from '../../../src/protocol/errors';
import { readRunSummary } from '../../../src/store/readRun';
import { startUntil } from './support/logged';
import { LONG, newPath, resume, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';

describe('Memory that runs out', function () {
  this.timeout(120_000);

  it('in mid-run ends the process, and the run goes on to the same bits', async function () {
    if (spawnSync('prlimit', ['--version']).status !== 0) return this.skip();
    const runDir = newPath();
    const { child, ended } = await startUntil(runDir, 'run-started', { config: LONG });
    // It keeps what it has and gets no more.
    assert.equal(spawnSync('prlimit', [`--pid=${child.pid}`, '--as=1']).status, 0);
    const { stderr } = await ended;
    // What JavaScript is refused is an error with a sentence; what Node itself is refused ends it by a signal, in words of its own.
    if (child.signalCode === null) assert.match(stderr, /^mnemonics: Memory ran out \([^\n]*\): close other programs[^\n]*\n$/m);
    assert.ok(child.exitCode === 4 || child.signalCode !== null, `exit code ${child.exitCode}, ${child.signalCode}: ${stderr}`);
    assert.notEqual((await readRunSummary(runDir, 'run')).state, 'completed');
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun(LONG)));
  });

  it('for one array is a sentence with a remedy and exit code 4', () => {
    // More than any machine has, where nothing else must fail.
    const take = (): unknown => new ArrayBuffer(2 ** 46);
    assert.throws(take, (error: unknown) => {
      const { code, exitCode, message } = toErrorInfo(error);
      assert.deepEqual([code, exitCode], ['engine-unavailable', 4]);
      assert.match(message, /^Memory ran out \(Array buffer allocation failed\): close other programs, then resume the run/);
      return true;
    });
  });
});
