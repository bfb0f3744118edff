import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/protocol/parseConfig';
import { STOCK_CONVOLUTIONS } from '../../src/protocol/engineInfo';
import { runFileSchema, type RunFile } from '../../src/protocol/runFile';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { missing } from '../engine/support/engines';
import { editRunFile } from './support/editRun';
import { TINY } from './support/tiny';

describe('a run on the native engine that goes on elsewhere', function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-settings-'));
  const runDir = join(scratch, 'run');
  const runFile = join(runDir, 'run.json');
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const read = (): RunFile => runFileSchema.parse(JSON.parse(readFileSync(runFile, 'utf8')));
  const write = (engine: RunFile['engine']): void => editRunFile(runDir, { engine });

  it('says its settings, is refused under others, and goes on where an earlier version did not say them', async function () {
    if (missing('native')) this.skip();
    const control = new RunControl();
    const config = parseConfig({ ...TINY, engine: 'native', exemplarMethod: 'random' });
    const { outcome } = await runExperiment({
      config,
      configDir: scratch,
      runDir,
      control,
      onEvent: (event) => void (event.kind === 'stage-started' && control.stop().catch(() => undefined)),
    });
    assert.equal(outcome, 'stopped');
    const { engine } = read();
    assert.deepEqual(Object.keys(engine.settings ?? {}).sort(), ['convolutions', 'oneDNN', 'threads across ops']);

    write({ ...engine, settings: { ...engine.settings, oneDNN: 'elsewhere' } });
    await assert.rejects(resumeExperiment({ runDir, control: new RunControl() }), /began with oneDNN elsewhere, here it is (on|off)/);

    const { convolutions, ...others } = engine.settings ?? {};
    write({ ...engine, settings: others });
    if (convolutions !== STOCK_CONVOLUTIONS)
      await assert.rejects(
        resumeExperiment({ runDir, control: new RunControl() }),
        /began with convolutions TensorFlow's, here it is Winograd/,
      );

    const { settings: _, ...earlier } = engine;
    write(earlier);
    assert.equal((await resumeExperiment({ runDir, control: new RunControl() })).outcome, 'completed');
  });
});
