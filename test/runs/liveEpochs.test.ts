import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/protocol/parseConfig';
import { RunControl } from '../../src/trainer/runControl';
import { runExperiment } from '../../src/trainer/runExperiment';
import { TINY } from './support/tiny';

describe('epochs that are changed to those done', function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-epochs-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('end the stage where it is, and leave the temporary model a trained one to start from', async () => {
    // Of a hundred epochs the first snapshot would be due after the thirteenth.
    const config = parseConfig({ ...TINY, innerStart: 'trajectory', epochs: 100 });
    const control = new RunControl();
    const answers: Promise<void>[] = [];
    const { outcome, view } = await runExperiment({
      config,
      configDir: scratch,
      runDir: join(scratch, 'run'),
      control,
      onEvent: ({ kind, stage, step }) => {
        if (kind === 'progress' && stage === 'train' && step === 1) answers.push(control.set('epochs', 1));
      },
    });
    await Promise.all(answers);
    assert.equal(outcome, 'completed');
    assert.deepEqual(
      view.changes.map(({ field, value, stage, step }) => [field, value, stage, step]),
      [['epochs', 1, 'train', 1]],
    );
    assert.deepEqual(
      view.phases.map(({ stages }) => stages[0]?.steps),
      [1, 2],
    );
  });
});
