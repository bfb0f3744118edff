import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { rejectsWith } from '../../store/support/rejects';
import { runCli } from '../cli/support/runCli';
import { interruptedRun, resume, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';

describe('Two writers of one run folder', function () {
  this.timeout(60_000);

  it('that resume at once: one goes on to the same bits, the other is refused with exit code 5', async () => {
    const runDir = await interruptedRun();
    const ends = await Promise.all([1, 2].map(() => runCli(['resume', runDir], tmpdir())));
    assert.deepEqual(ends.map(({ code }) => code).sort(), [0, 5], ends.map(({ stderr }) => stderr).join('\n'));
    const refused = ends.find(({ code }) => code === 5);
    assert.match(refused?.stderr ?? '', /^mnemonics: [^\n]*(is being written by process \d+; stop that run first|is complete)[^\n]*\n$/m);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });

  it('where another has taken the lock: the first writes no more and says who has it', async () => {
    const runDir = await interruptedRun();
    const lock = join(runDir, 'lock.json');
    const state = join(runDir, 'state.safetensors');
    let before: Buffer | undefined;
    const first = resume(runDir, (event) => {
      if (event.kind !== 'run-continued') return;
      const own = JSON.parse(readFileSync(lock, 'utf8')) as object;
      writeFileSync(lock, JSON.stringify({ ...own, host: 'elsewhere', pid: 7, token: '00000000-0000-0000-0000-000000000000' }));
      before = readFileSync(state);
    });
    await rejectsWith(first, 5, /was taken over by process 7 on elsewhere while this run was written to it/);
    assert.deepEqual(readFileSync(state), before);
    rmSync(lock);
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });
});
