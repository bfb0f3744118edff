import assert from 'node:assert/strict';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/protocol/events';
import { readRunSummary } from '../../../src/store/readRun';
import { writeReport } from '../../../src/store/report';
import { rejectsWith } from '../../store/support/rejects';
import { smallDisk, type SmallDisk } from './support/smallDisk';
import { resume, start, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';

const FULL = /can't be written: the disk is full, so make room and try again\.$/;

describe('A disk that is full', function () {
  this.timeout(60_000);
  let disk: SmallDisk | null = null;
  before(function () {
    disk = smallDisk();
    // The limit on file sizes, in the test beside this one, needs no right.
    if (!disk) this.skip();
  });
  after(() => disk?.unmount());

  /** Everything in the folder that is half written. */
  const temporary = (dir: string): string[] =>
    readdirSync(dir, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.tmp'));

  it('at any write ends the run with a sentence; with room again it goes on from there, and ends with the same bits', async () => {
    if (!disk) return;
    const { path, fill, free } = disk;
    const [runDir, whole] = [join(path, 'run'), await wholeRun()];
    const room = (...files: string[]): number =>
      files.reduce((sum, file) => sum + Math.ceil(statSync(join(whole, file)).size / 4096) * 4096, 0);
    const [model, exemplars, evaluation] = ['model.safetensors', 'exemplars.safetensors', 'evaluation.json'].map(
      (name) => `phase-00/${name}`,
    ) as [string, string, string];
    const at = (kind: RunEvent['kind'], stage: string | null, leaving: number) => (event: RunEvent) => {
      if (event.kind === kind && event.stage === stage && event.phase === 0) fill(leaving);
    };

    const fails = async (run: Promise<unknown>, file: string): Promise<void> => {
      await rejectsWith(run, 5, FULL, new RegExp(`^${join(runDir, file)} `));
      assert.deepEqual(temporary(path), []);
      // Files that are replaced would give their room to the ones after them.
      rmSync(join(runDir, 'phase-00'), { recursive: true, force: true });
      free();
    };
    fill();
    await rejectsWith(start(runDir), 5, FULL);
    assert.deepEqual(readdirSync(runDir), []);
    free();
    // In the order of the writes of a run: the next one to fail each time.
    await fails(start(runDir, at('stage-ended', 'train', 0)), 'state.safetensors');
    await fails(resume(runDir, at('stage-ended', 'evaluate', 0)), model);
    await fails(resume(runDir, at('stage-ended', 'evaluate', room(model))), exemplars);
    await fails(resume(runDir, at('stage-ended', 'evaluate', room(model, exemplars))), evaluation);
    await fails(resume(runDir, at('evaluated', null, 0)), 'run.json');
    assert.equal((await readRunSummary(runDir, 'run')).state, 'interrupted', 'there was no room to write that it failed');
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(whole));

    fill();
    const report = writeReport([runDir], join(runDir, 'report.html'), { js: '', css: '' });
    await rejectsWith(report, 5, FULL, /report\.html/);
    assert.deepEqual(temporary(path), []);
  });
});
