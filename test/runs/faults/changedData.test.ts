import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkImageFile } from '../../../src/data/images/checkImageFile';
import { ImageFiles } from '../../../src/data/images/imageFiles';
import type { RunEvent } from '../../../src/protocol/events';
import { png, writeTree } from '../../data/support/images';
import { rejectsWith } from '../../store/support/rejects';
import { TINY_ON_IMAGES } from '../support/tiny';
import { newPath, resume, start } from './support/smallRun';
import { resultsOf } from '../support/results';

describe('A data set that is changed on the disk', function () {
  this.timeout(60_000);

  /** Four classes of four training and two test images. */
  const pictures = (): string => {
    const files: Record<string, Buffer> = {};
    for (const [c, name] of ['ant', 'bee', 'cow', 'doe'].entries())
      for (let i = 0; i < 6; i++)
        files[`${i < 4 ? 'train' : 'test'}/${name}/${i}.png`] = png(16, 16, (x, y) => [60 * c + x, 40 * i + y, (x * y) % 256]);
    return writeTree(newPath(), files);
  };

  const config = { ...TINY_ON_IMAGES, imageSize: 16, engine: 'wasm', exemplarMethod: 'random' };

  it('in mid-run is noticed when the run goes on; with its files restored it ends with the same bits', async () => {
    const dataPath = pictures();
    const [whole, runDir] = [newPath(), newPath()];
    await start(whole, undefined, { ...config, dataPath });
    const file = join(dataPath, 'train', 'bee', '2.png');
    const original = readFileSync(file);
    const stop = new Error('the run ends here');
    const change = (event: RunEvent): void => {
      if (event.kind === 'phase-started' && event.phase === 0)
        writeFileSync(
          file,
          png(16, 16, () => [1, 2, 3]),
        );
      if (event.kind === 'stage-started' && event.phase === 1) throw stop;
    };
    await assert.rejects(start(runDir, change, { ...config, dataPath }), stop);
    await rejectsWith(resume(runDir), 5, /The data set image-folder is not the one that .* began with; restore its files/);
    writeFileSync(file, original);
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(whole));
  });

  it('before a file of it is decoded is an error with exit code 3, and nothing is trained on', async () => {
    const path = join(pictures(), 'train', 'bee', '2.png');
    const { stamp } = checkImageFile('', path);
    const files = new ImageFiles([path], { size: 16, shorterSide: 16 }, new Map([[path, stamp]]));
    const before = await files.read(0);
    writeFileSync(
      path,
      png(16, 16, () => [1, 2, 3]),
    );
    assert.deepEqual(await files.read(0), before, 'what is decoded stays what it was');
    const later = new ImageFiles([path], { size: 16, shorterSide: 16 }, new Map([[path, { ...stamp, mtimeMs: stamp.mtimeMs - 1 }]]));
    await rejectsWith(later.read(0), 3, new RegExp(`${path} was changed while the run went on; restore it, then resume the run`));
  });
});
