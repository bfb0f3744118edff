import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { growCorrection } from '../../src/learning/biasCorrection';
import { initialWeights } from '../../src/learning/initialWeights';
import { forward, FROZEN, networkShape, type NetworkShape } from '../../src/learning/network';
import { RandomStream } from '../../src/learning/randomStreams';
import { frozenKernels } from '../../src/learning/weightTransfer';
import type { NamedTensors } from '../../src/ops/namedTensors';
import type { NetworkName } from '../../src/protocol/words';
import { float32 } from '../../src/store/dtypes';
import { encodeSafetensors } from '../../src/store/encodeSafetensors';
import { checkpointTensors } from '../../src/trainer/checkpoint';
import { toTensors, valuesOf } from '../../src/trainer/tensorData';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { describeOnEngines } from '../engine/support/engines';
import { pythonWith } from './support/python';

const SCRIPT = join(__dirname, '../fixtures/load_checkpoint.py');

interface Case {
  readonly network: NetworkName;
  readonly head?: NetworkShape['head'];
  readonly transfer?: boolean;
  readonly correction?: boolean;
  readonly side?: number;
}
const CASES: Readonly<Record<string, Case>> = {
  resnet8: { network: 'resnet8' },
  resnet14: { network: 'resnet14' },
  resnet20: { network: 'resnet20' },
  resnet32: { network: 'resnet32' },
  'resnet8, cosine': { network: 'resnet8', head: 'cosine' },
  'resnet32, cosine': { network: 'resnet32', head: 'cosine' },
  'resnet14 with weight transfer': { network: 'resnet14', transfer: true },
  'resnet20 with bias correction': { network: 'resnet20', correction: true },
  resnet18: { network: 'resnet18', side: 64 },
};

describeOnEngines('a checkpoint in a plain PyTorch ResNet', ['wasm'], (engine) => {
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-checkpoint-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  // Skipped, test by test, where there is no Python with torch.
  let python = '';
  before(function () {
    this.timeout(60_000);
    python = pythonWith('torch') ?? '';
    if (!python) this.skip();
  });
  for (const [name, form] of Object.entries(CASES)) {
    it(`${name}: no key is missing, none too many, and the logits are the same`, async function () {
      this.timeout(120_000);
      const { network, head = 'linear', transfer = false, correction = false, side = 28 } = form;
      const shape = networkShape(network, 3, 'relu', head);
      const fresh = initialWeights(shape, 7, 1);
      const plain = { params: fresh.params, buffers: { ...fresh.buffers, ...(correction ? growCorrection({}, 7) : {}) } };
      const { params, buffers } = transfer ? frozenKernels(plain) : plain;
      // Nothing may stand where it would not show, such as a shift of 0.
      const random = new RandomStream(1, 'checkpoint', name);
      for (const { shape: size, data } of [...Object.values(params), ...Object.values(buffers)])
        if (size.length !== 4 || size[0] === 1) data.forEach((value, i) => (data[i] = value + 0.1 * (random.uniform() - 0.5)));
      const model = { params: toTensors(params), buffers: toTensors(buffers) };
      const pixels = Float32Array.from({ length: 3 * side * side * 3 }, () => random.normal());
      const images = tensor(pixels, [3, side, side, 3]);
      const predict = engine().compile('predict', (inputs: { params: NamedTensors; buffers: NamedTensors; images: Tensor }) => ({
        logits: forward(shape, inputs, inputs.images, FROZEN).logits,
      }));
      const { logits } = predict({ ...model, images });

      const [checkpoint, batch] = [join(scratch, 'model.safetensors'), join(scratch, 'batch.safetensors')];
      await writeFile(checkpoint, encodeSafetensors(await checkpointTensors(model), {}));
      const expected = await valuesOf(logits);
      await writeFile(batch, encodeSafetensors(new Map([['images', float32(images.shape, pixels)]]), {}));
      const answer = JSON.parse(execFileSync(python, [SCRIPT, checkpoint, batch], { encoding: 'utf8' })) as {
        missing: string[];
        unexpected: string[];
        logits: number[][];
      };
      assert.deepEqual([answer.missing, answer.unexpected], [[], []]);
      const theirs = answer.logits.flat();
      assert.equal(theirs.length, expected.length);
      const worst = Math.max(...theirs.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
      if (process.env['SHOW_ERRORS'])
        process.stdout.write(`        ${name}: ${worst.toExponential(1)}, logits up to ${Math.max(...theirs.map(Math.abs))}\n`);
      assert.ok(worst <= 1e-4, `logits differ by ${worst}`);
    });
  }
});
