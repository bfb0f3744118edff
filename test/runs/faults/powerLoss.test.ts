import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { resultsOf } from '../support/results';
import { failingDisk } from './support/failingDisk';
import { startUntil } from './support/logged';
import { resume, wholeRun } from './support/smallRun';

describe('A machine that loses power in the middle of a run', function () {
  this.timeout(60_000);

  for (const [event, milliseconds] of [
    ['run-started', 0],
    ['stage-ended', 0],
    ['stage-ended', 250],
  ] as const) {
    it(`${milliseconds} ms after the event ${event}: the run goes on from what had reached the disk, to the same bits`, async function () {
      const disk = failingDisk();
      if (!disk) return this.skip();
      try {
        const runDir = join(disk.path, 'run');
        const { ended } = await startUntil(runDir, event);
        await wait(milliseconds);
        const unsynced = join(disk.path, 'unsynced');
        writeFileSync(unsynced, 'never reaches the disk');
        disk.cutPower();
        const { code, stderr } = await ended;
        assert.equal(code, 5, stderr);
        assert.match(stderr, /^mnemonics: [^\n]*can't be written: the disk reports an error, so check the disk\.\n$/m);
        disk.repair();
        assert.ok(!existsSync(unsynced) || readFileSync(unsynced, 'utf8') === '');
        await resume(runDir);
        assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
      } finally {
        disk.remove();
      }
    });
  }
});
