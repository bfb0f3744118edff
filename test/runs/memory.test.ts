import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { chooseEngine } from '../../src/engine/choose';
import { parseConfig } from '../../src/protocol/parseConfig';
import { readSafetensors } from '../../src/store/readSafetensors';
import { RunControl } from '../../src/trainer/runControl';
import { runExperiment } from '../../src/trainer/runExperiment';
import { missing } from '../engine/support/engines';
import { TINY } from './support/tiny';

/** Five phases, one class more in each. */
const GROWING = { ...TINY, phaseSizes: [2, 1, 1, 1, 1], bicFitSteps: 4, alpha1Milestones: [] };

/** BiC has buffers of its own, LUCIR another classifier. */
const RUNS = [
  ['native', 'bic'],
  ['native', 'lucir'],
  ['wasm', 'bic'],
] as const;

describe("a run's memory", function () {
  this.timeout(300_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-memory-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const [engine, host] of RUNS)
    it(`is the model and the one before it at the end of each phase, not a tensor more: ${host} on ${engine}`, async function () {
      if (missing(engine)) this.skip();
      const runDir = join(scratch, `${host}-${engine}`);
      const tensors: number[] = [];
      await chooseEngine(engine);
      const before = memory().numTensors;
      await runExperiment({
        config: parseConfig({ ...GROWING, engine, host }),
        configDir: scratch,
        runDir,
        control: new RunControl(),
        onEvent: (event) => void (event.kind === 'phase-ended' && tensors.push(memory().numTensors - before)),
      });
      const model = (await readSafetensors(join(runDir, 'phase-00/model.safetensors'))).tensors.size;
      assert.deepEqual(tensors, [model, ...Array<number>(4).fill(2 * model)]);
    });

  it('does not grow with its steps', function () {
    if (missing('native')) this.skip();
    const fixture = join(__dirname, 'fixtures/longRun.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', fixture, '2400'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { step: number; resident: number }[];
    const [first, ...later] = seen.filter(({ step }) => step >= 200);
    assert.ok(first && first.step < 500 && later.at(-1)?.step === 2400, 'the run told how far it was');
    const most = Math.max(...later.map(({ resident }) => resident));
    assert.ok(most - first.resident < 50, `${first.resident} MiB after ${first.step} steps, ${most} MiB later`);
  });
});
