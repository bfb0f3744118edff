import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { HOSTS, HOSTS_BY_NAME, hostFields } from '../../src/hosts/hosts';
import { configSchema } from '../../src/protocol/config';
import { metaOf } from '../../src/protocol/config/field';
import { configJsonSchema } from '../../src/protocol/parseConfig';

const ROOT = join(__dirname, '../..');

describe('the registry of hosts', () => {
  const properties = configJsonSchema()['properties'] as Record<string, { hosts?: string[]; enum?: string[]; group?: string }>;

  it('gives the config its host names and every host its fields, under its own name and marked as its own', () => {
    assert.deepEqual(properties['host']?.enum, HOSTS);
    for (const name of HOSTS) {
      for (const field of Object.keys(HOSTS_BY_NAME[name].fields)) {
        assert.ok(field.startsWith(name), `${field} of ${name}`);
        assert.deepEqual(properties[field]?.hosts, [name]);
        assert.equal(properties[field]?.group, 'Host');
      }
    }
  });

  it('knows in which hosts a shared field does something', () => {
    assert.deepEqual(properties['lambda']?.hosts, ['icarl', 'lwf']);
    assert.deepEqual(properties['temperature']?.hosts, ['bic', 'icarl', 'lwf']);
    assert.equal(properties['alpha1']?.hosts, undefined);
  });

  it('has the defaults of the papers', () => {
    const config = configSchema.parse({});
    const defaults = Object.fromEntries(Object.keys(hostFields).map((key) => [key, config[key as keyof typeof config]]));
    assert.deepEqual(defaults, {
      bicHeldOut: 0.1,
      bicFitSteps: 500,
      bicFitAlpha: 0.02,
      lucirLambdaBase: 5,
      lucirHardClasses: 2,
      lucirMargin: 0.5,
      lucirMarginWeight: 1,
    });
    for (const schema of Object.values(hostFields) as z.ZodType[]) assert.ok((metaOf(schema)?.description.length ?? 0) > 20);
  });

  it('takes a fifth host from one file and one line, and trains with it', function () {
    this.timeout(120_000);
    const copy = mkdtempSync(join(tmpdir(), 'mnemonics-host-'));
    try {
      cpSync(join(ROOT, 'src'), join(copy, 'src'), { recursive: true });
      for (const name of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, name), join(copy, name));
      // What the wasm engine loads is built there.
      for (const name of ['node_modules', 'dist']) symlinkSync(join(ROOT, name), join(copy, name), 'dir');
      writeFileSync(
        join(copy, 'src/hosts/finetune.ts'),
        `import { z } from 'zod';
import { field } from '../protocol/config/field';
import { defineHost } from './host';

/** No defence against forgetting: L_c alone, weighted. */
export const finetune = defineHost({
  name: 'finetune',
  title: 'Fine-tuning',
  headline: 'softmax',
  head: 'linear',
  shares: [],
  fields: {
    finetuneWeight: field(z.number().positive().default(1), { title: 'Weight', description: 'Weight of the loss.', group: 'Host' }),
  },
  scalars: ({ finetuneWeight }) => ({ weight: finetuneWeight }),
  loss: ({ ops, classificationLoss }) => ({ logits, oneHot, scalars }) => ops.mul(classificationLoss(logits, oneHot), scalars.weight),
});
`,
      );
      appendFileSync(join(copy, 'src/hosts/registry.ts'), "export { finetune } from './finetune';\n");
      const experiment = { host: 'finetune', finetuneWeight: 2, engine: 'wasm', exemplarMethod: 'herding', phaseSizes: [2, 1] };
      const sizes = { trainPerClass: 6, testPerClass: 2, exemplarsPerClass: 2, batchSize: 12, epochs: 1, fineTuneEpochs: 1 };
      writeFileSync(join(copy, 'experiment.mnemonics.json'), JSON.stringify({ ...experiment, ...sizes }));
      const cli = ['--import', 'tsx', join(copy, 'src/trainer/cli.ts'), 'run', join(copy, 'experiment.mnemonics.json')];
      execFileSync(process.execPath, [...cli, '--out', join(copy, 'run'), '--json'], { cwd: copy, stdio: 'pipe' });
      const run = JSON.parse(readFileSync(join(copy, 'run/run.json'), 'utf8')) as { status: string; config: Record<string, unknown> };
      assert.equal(run.status, 'completed');
      assert.equal(run.config['finetuneWeight'], 2);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
