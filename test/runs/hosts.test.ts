import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOSTS, HOSTS_BY_NAME } from '../../src/hosts/hosts';
import type { RunEvent } from '../../src/protocol/events';
import { parseConfig } from '../../src/protocol/parseConfig';
import type { Stage } from '../../src/protocol/words';
import { readSafetensors } from '../../src/store/readSafetensors';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { resultsOf } from './support/results';

/** Three phases of 2, 1 and 2 classes of real digits. */
const TINY = {
  engine: 'wasm',
  trainPerClass: 6,
  testPerClass: 2,
  phaseSizes: [2, 1, 2],
  exemplarsPerClass: 2,
  batchSize: 12,
  epochs: 1,
  alpha1Milestones: [],
  innerSteps: 1,
  mnemonicsEpochs: 1,
  mnemonicsOldEpochs: 1,
  mnemonicsBatchSize: 12,
  fineTuneEpochs: 1,
  bicFitSteps: 12,
};
const VARIANTS: Readonly<Record<string, Record<string, unknown>>> = {
  ...Object.fromEntries(HOSTS.map((host) => [host, { host }])),
  'lucir with weight transfer': { host: 'lucir', weightTransfer: true },
};
const PHASES = [0, 1, 2];

describe('a run with each host', function () {
  this.timeout(240_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-hosts-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const run = async (name: string, given: Record<string, unknown>, control = new RunControl(), onEvent?: (event: RunEvent) => void) => {
    const runDir = join(scratch, name.replaceAll(' ', '-'));
    const config = parseConfig({ ...TINY, ...given });
    const { outcome } = await runExperiment({ config, configDir: scratch, runDir, control, ...(onEvent ? { onEvent } : {}) });
    return { runDir, outcome };
  };
  const modelsOf = async (runDir: string) => {
    const files = await Promise.all(PHASES.map((phase) => readSafetensors(join(runDir, `phase-0${phase}/model.safetensors`))));
    return files.map(({ tensors }) => ({
      names: [...tensors.keys()],
      values: (name: string) => [...(tensors.get(name)?.data ?? [])],
      shape: (name: string) => tensors.get(name)?.shape,
    }));
  };

  for (const [name, given] of Object.entries(VARIANTS)) {
    it(`${name}: ends with herding`, async () => {
      const stages: string[] = [];
      const { runDir, outcome } = await run(`${name} herding`, { ...given, exemplarMethod: 'herding' }, undefined, (event) => {
        if (event.kind === 'stage-ended' && event.phase === 1) stages.push(String(event.stage));
        if (event.kind === 'run-started') assert.equal(event.headline, HOSTS_BY_NAME[event.config.host].headline);
      });
      assert.equal(outcome, 'completed');
      const fitted = given['host'] === 'bic' ? ['fit-bias'] : [];
      assert.deepEqual(stages, ['distil', 'select', 'fine-tune', ...fitted, 'evaluate']);
      const models = await modelsOf(runDir);
      assert.ok(models.every(({ names }) => names.includes('fc.sigma') === (given['host'] === 'lucir')));
      assert.deepEqual(
        models.map(({ shape }) => shape('fc.weight')),
        [2, 3, 5].map((classes) => [classes, 64]),
      );
    });
  }

  it("bic: each phase fits its own classes' correction, and earlier ones stay in force", async () => {
    const models = await modelsOf(join(scratch, 'bic-herding'));
    const [scales, shifts] = ['scale', 'shift'].map((part) => models.map(({ values }) => values(`bias_correction.${part}`))) as [
      number[][],
      number[][],
    ];
    assert.deepEqual(
      [scales[0], shifts[0]],
      [
        [1, 1],
        [0, 0],
      ],
    );
    assert.deepEqual(scales[1]?.slice(0, 2), [1, 1]);
    assert.notEqual(scales[1]?.[2], 1);
    assert.notEqual(shifts[1]?.[2], 0);
    assert.deepEqual([scales[2]?.slice(0, 3), shifts[2]?.slice(0, 3)], [scales[1], shifts[1]]);
    assert.equal(scales[2]?.[3], scales[2]?.[4]);
  });

  it("lucir: without fine-tuning, old classes' rows are the last phase's; their scale is not", async () => {
    const { runDir } = await run('lucir alone', { host: 'lucir', exemplarMethod: 'random', fineTuneEpochs: 0 });
    const models = await modelsOf(runDir);
    const rows = models.map(({ values }) => values('fc.weight'));
    assert.deepEqual(rows[1]?.slice(0, 2 * 64), rows[0]);
    assert.deepEqual(rows[2]?.slice(0, 3 * 64), rows[1]);
    assert.notDeepEqual(models[2]?.values('fc.sigma'), models[1]?.values('fc.sigma'));
  });

  it('with weight transfer: kernels stay as phase 0 left them, scales and shifts train on from phase to phase', async () => {
    const models = await modelsOf(join(scratch, 'lucir-with-weight-transfer-herding'));
    const [first, second, third] = models;
    const kernels = first?.names.filter((name) => first.shape(name)?.length === 4) ?? [];
    assert.ok(kernels.length === 9 && !first?.names.some((name) => name.includes('transfer')));
    for (const name of kernels) {
      for (const model of [second, third]) assert.deepEqual(model?.values(name), first?.values(name), name);
      const scale = name.replace(/weight$/, 'transfer_scale');
      const [o, i] = first?.shape(name) ?? [];
      assert.deepEqual(second?.shape(scale), [o, i, 1, 1]);
      assert.ok(second?.values(scale).some((value) => value !== 1));
      assert.notDeepEqual(third?.values(scale), second?.values(scale));
    }
  });

  const STOPS: Readonly<Record<string, readonly Stage[]>> = {
    bic: ['fit-bias', 'distil'],
    lucir: ['distil'],
    'lucir with weight transfer': ['mnemonics-new', 'fine-tune'],
  };
  for (const [name, given] of Object.entries(VARIANTS)) {
    it(`${name}: ends with mnemonics, and stopped and resumed with the same bits`, async () => {
      const { runDir: whole, outcome } = await run(`${name} whole`, given);
      assert.equal(outcome, 'completed');
      for (const stage of STOPS[name] ?? []) {
        const control = new RunControl();
        const stopped = await run(`${name} ${stage}`, given, control, (event) => {
          if (event.phase === 1 && event.stage === stage && event.kind === 'stage-started') control.stop().catch(() => undefined);
        });
        assert.equal(stopped.outcome, 'stopped');
        const { outcome: resumed } = await resumeExperiment({ runDir: stopped.runDir, control: new RunControl() });
        assert.equal(resumed, 'completed');
        assert.deepEqual(resultsOf(stopped.runDir, { phases: PHASES }), resultsOf(whole, { phases: PHASES }), stage);
      }
    });
  }

  it('lucir refuses a live change of λ, which its loss has no place for, and goes on', async () => {
    const control = new RunControl();
    const answers: Promise<void>[] = [];
    const { outcome } = await run('lucir live', { host: 'lucir', exemplarMethod: 'random' }, control, (event) => {
      if (event.kind === 'phase-started' && event.phase === 0)
        answers.push(assert.rejects(control.set('lambda', 0.9), /"lambda" does nothing.*lucir/));
    });
    await Promise.all(answers);
    assert.deepEqual([outcome, answers.length], ['completed', 1]);
  });

  it('resnet18 on digits is refused before anything is written', async () => {
    await assert.rejects(run('refused', { network: 'resnet18' }), /"network" is resnet18.*mnist are 28×28/);
    assert.throws(() => readFileSync(join(scratch, 'refused/run.json')));
  });
});
