import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/protocol/parseConfig';
import { readSafetensors } from '../../src/store/readSafetensors';
import { TINY } from './support/tiny';
import { RunControl } from '../../src/trainer/runControl';
import { runExperiment } from '../../src/trainer/runExperiment';

const SMALL = { ...TINY, innerSteps: 2, mnemonicsOldEpochs: 1 } as const;

const VARIANTS = {
  exact: {},
  'batch statistics': { innerBatchNorm: 'batch' },
  'last layer': { hypergradientMode: 'last-layer' },
  'first order': { hypergradientMode: 'first-order' },
  'a cosine classifier, last layer': { host: 'lucir', hypergradientMode: 'last-layer' },
} as const;

describe('a run that learns exemplars', function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-modes-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));
  const learned = new Map<string, string>();

  for (const [name, variant] of Object.entries(VARIANTS))
    it(`goes to its end and moves its exemplars in its own way: ${name}`, async () => {
      const runDir = join(scratch, name);
      const config = parseConfig({ ...SMALL, ...variant });
      const { outcome, view } = await runExperiment({ config, configDir: scratch, runDir, control: new RunControl() });
      assert.equal(outcome, 'completed');
      assert.deepEqual(
        [view.config.innerBatchNorm, view.config.hypergradientMode],
        [config.innerBatchNorm, config.hypergradientMode],
        'the run says which gradient it used',
      );
      const { tensors } = await readSafetensors(join(runDir, 'phase-01', 'exemplars.safetensors'));
      const [before, after] = ['before', 'after'].map((part) => tensors.get(part)?.data as Float32Array);
      assert.ok(after && after.every(Number.isFinite) && after.some((value, i) => value !== before?.[i]));
      assert.ok(![...learned.values()].includes(after.join()), 'no other variant gives the same exemplars');
      learned.set(name, after.join());
    });
});
