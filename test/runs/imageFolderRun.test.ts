import assert from 'node:assert/strict';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/protocol/parseConfig';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { runFileSchema } from '../../src/protocol/runFile';
import { png, writeTree, type Paint } from '../data/support/images';
import { rejectsWith } from '../store/support/rejects';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { TINY_ON_IMAGES } from './support/tiny';

const TINY = { ...TINY_ON_IMAGES, imageSize: 16, engine: 'wasm' };

/** Four classes of four training and two test images, of different sizes. */
function pictures(folder: string): string {
  const files: Record<string, Buffer> = {};
  ['ant', 'bee', 'cow', 'doe'].forEach((name, c) => {
    for (let i = 0; i < 6; i++) {
      const paint: Paint = (x, y) => [(60 * c + 9 * x) % 256, (50 * i + 7 * y) % 256, (x * y + c) % 256];
      files[`${i < 4 ? 'train' : 'test'}/${name}/${i}.png`] = png(20 + i, 18 + c, paint);
    }
  });
  return writeTree(folder, files);
}

describe('a run on a folder of images', function () {
  this.timeout(120_000);
  const folder = temporaryFolders();
  const run = async (dir: string, name: string, change: object, control = new RunControl()) => {
    const runDir = join(dir, name);
    const result = await runExperiment({
      config: parseConfig({ ...TINY, dataPath: 'pictures', ...change }),
      configDir: dir,
      runDir,
      control,
    });
    return { runDir, result };
  };
  const model = ({ runDir }: { runDir: string }, phase = '00') => readFileSync(join(runDir, `phase-${phase}`, 'model.safetensors'));

  it('goes through every stage; stopped and resumed it ends with the same bits; other switches leave its batches as they are', async () => {
    const dir = folder();
    pictures(join(dir, 'pictures'));
    const whole = await run(dir, 'whole', {});
    assert.equal(whole.result.outcome, 'completed');
    const { data, config } = runFileSchema.parse(JSON.parse(readFileSync(join(whole.runDir, 'run.json'), 'utf8')));
    assert.deepEqual([data.trainImages, data.testImages, data.normalization?.mean.length], [16, 8, 3]);
    assert.equal(config.dataPath, join(dir, 'pictures'));

    // Phase 0's model is trained before any exemplar is chosen, so how they are chosen must not reach it.
    const herding = await run(dir, 'herding', { exemplarMethod: 'herding', fineTuneEpochs: 3 });
    assert.ok(model(whole).equals(model(herding)));
    const other = await run(dir, 'other', { exemplarMethod: 'herding', augmentation: 'none' });
    assert.ok(!model(whole).equals(model(other)));

    const control = new RunControl();
    const runDir = join(dir, 'stopped');
    const config2 = parseConfig({ ...TINY, dataPath: 'pictures' });
    await runExperiment({
      config: config2,
      configDir: dir,
      runDir,
      control,
      onEvent: (event) => {
        if (event.kind === 'stage-started' && event.phase === 1) control.stop().catch(() => undefined);
      },
    });
    await resumeExperiment({ runDir, control: new RunControl() });
    assert.ok(model({ runDir }, '01').equals(model(whole, '01')));
  });

  it('refuses to go on with other images, and a broken one before anything is written', async () => {
    const dir = folder();
    const images = pictures(join(dir, 'pictures'));
    const control = new RunControl();
    const runDir = join(dir, 'stopped');
    await runExperiment({
      config: parseConfig({ ...TINY, dataPath: 'pictures' }),
      configDir: dir,
      runDir,
      control,
      onEvent: (event) => {
        if (event.kind === 'stage-started') control.stop().catch(() => undefined);
      },
    });
    writeTree(images, { 'train/ant/0.png': png(20, 18, () => [1, 2, 3]) });
    await rejectsWith(
      resumeExperiment({ runDir, control: new RunControl() }),
      5,
      /The data set image-folder is not the one that .* began with/,
    );
    truncateSync(join(images, 'train', 'ant', '0.png'), 60);
    await rejectsWith(run(dir, 'new', {}), 3, /train\/ant\/0\.png is cut short/);
    assert.throws(() => readFileSync(join(dir, 'new', 'run.json')), { code: 'ENOENT' });
  });
});
