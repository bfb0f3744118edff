import assert from 'node:assert/strict';
import { readRunSummary } from '../../../src/store/readRun';
import { rejectsWith } from '../../store/support/rejects';
import { newPath, resume, SMALL, start } from './support/smallRun';

describe('A loss that is no longer a number', function () {
  this.timeout(60_000);

  it('ends the run with exit code 2 and what to lower; resumed, it comes to the same step and says the same', async () => {
    const runDir = newPath();
    const wild = { ...SMALL, alpha1: 10_000, epochs: 8, weightDecay: 1 };
    const where = /^The loss is no longer a number at phase 0, stage train, step \d+: lower "alpha1" and start again\.$/;
    await rejectsWith(start(runDir, undefined, wild), 2, where);
    const first = await readRunSummary(runDir, 'run');
    assert.deepEqual([first.state, first.run?.error?.code], ['failed', 'training-diverged']);
    await rejectsWith(resume(runDir), 2, where);
    assert.equal((await readRunSummary(runDir, 'run')).run?.error?.message, first.run?.error?.message);
  });
});
