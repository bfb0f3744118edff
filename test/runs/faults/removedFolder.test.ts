import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/protocol/events';
import { rejectsWith } from '../../store/support/rejects';
import { newPath, resume, start, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';
import { startUntil } from './support/logged';

const inDistil = (fault: () => void) => (event: RunEvent) => {
  if (event.kind === 'stage-started' && event.stage === 'distil') fault();
};

describe('A run folder that goes away in mid-run', function () {
  this.timeout(60_000);

  it('where it was removed ends the run with a sentence, and is not made anew', async () => {
    const runDir = newPath();
    const run = start(
      runDir,
      inDistil(() => rmSync(runDir, { recursive: true })),
    );
    await rejectsWith(run, 5, new RegExp(`${runDir} was removed, moved or replaced while a run was written to it; put it back`));
    assert.equal(existsSync(runDir), false);
  });

  it('where another was put in its place ends the run with a sentence, and nothing is written there', async () => {
    const runDir = newPath();
    const fault = (): void => {
      renameSync(runDir, `${runDir}-away`);
      mkdirSync(runDir);
      writeFileSync(join(runDir, 'mine.txt'), 'mine');
    };
    await rejectsWith(start(runDir, inDistil(fault)), 5, /was removed, moved or replaced/);
    assert.equal(existsSync(join(runDir, 'phase-01')) || existsSync(join(runDir, 'state.safetensors')), false);
  });

  it('where it was moved goes on from its new place, with the same bits', async () => {
    const [runDir, moved] = [newPath(), newPath()];
    const { ended } = await startUntil(runDir, 'stage-ended');
    renameSync(runDir, moved);
    const { code, stderr } = await ended;
    assert.equal(code, 5, stderr);
    assert.match(stderr, /^mnemonics: [^\n]* was removed, moved or replaced [^\n]*\n$/m);
    assert.equal(existsSync(runDir), false);
    await resume(moved);
    assert.deepEqual(resultsOf(moved), resultsOf(await wholeRun()));
  });

  it('whose lock was deleted gets it back', async () => {
    const runDir = newPath();
    const lock = join(runDir, 'lock.json');
    let before = '';
    const { outcome } = await start(runDir, (event) => {
      if (event.kind === 'stage-started' && event.stage === 'train' && event.phase === 0) {
        before = readFileSync(lock, 'utf8');
        rmSync(lock);
      }
      if (event.kind === 'phase-ended' && event.phase === 0) assert.equal(readFileSync(lock, 'utf8'), before);
    });
    assert.equal(outcome, 'completed');
    assert.equal(existsSync(lock), false);
  });
});
