import assert from 'node:assert/strict';
import { join } from 'node:path';
import { StoredRun } from '../../../src/extension/dashboard/storedRun';
import { RunFolder } from '../../../src/store/runFolder';
import { START, progress, runStarted, sampleRunFile } from '../../store/support/sampleRun';
import { temporaryFolders } from '../../store/support/temporaryFolder';

describe('StoredRun', () => {
  const folder = temporaryFolders();

  it('tells the log of another process once, then what comes, and when that process has let go', async () => {
    const dir = join(folder(), 'run');
    const writer = await RunFolder.create(dir, sampleRunFile());
    const stored = new StoredRun(dir);
    const read = async () => {
      const seqs: number[] = [];
      const ownership = await stored.read(({ seq }) => seqs.push(seq));
      return [ownership, ...seqs];
    };
    writer.append(runStarted(), START);
    writer.append(progress(1), START);
    assert.deepEqual(await read(), ['elsewhere', 0, 1]);
    assert.deepEqual(await read(), ['elsewhere']);
    writer.append(progress(2), START);
    await writer.close();
    assert.deepEqual(await read(), ['ended', 2]);
  });
});
