import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialWeights } from '../../src/learning/initialWeights';
import { networkShape } from '../../src/learning/network';
import { RandomStream } from '../../src/learning/randomStreams';
import { float32, int32, type TensorData } from '../../src/store/dtypes';
import { encodeSafetensors } from '../../src/store/encodeSafetensors';
import { missing } from '../engine/support/engines';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { runCli } from './cli/support/runCli';

/** So many that the adjoint step, recorded as a graph, gives other last bits in some processes. */
const EXEMPLARS = 160;

describe('the hypergradient by batch statistics on native', function () {
  this.timeout(300_000);
  const folder = temporaryFolders();
  before(function () {
    if (missing('native')) this.skip();
  });

  it('has the same bits in every process', async () => {
    const dir = folder();
    const random = new RandomStream(1, 'reproducible');
    const noise = (n: number) =>
      float32(
        [n, 32, 32, 3],
        Float32Array.from({ length: n * 32 * 32 * 3 }, () => random.normal()),
      );
    const tensors = new Map<string, TensorData>([
      ['exemplars', noise(EXEMPLARS)],
      [
        'exemplar_labels',
        int32(
          [EXEMPLARS],
          Int32Array.from({ length: EXEMPLARS }, (_, i) => i % 4),
        ),
      ],
      ['data', noise(4)],
      ['data_labels', int32([4], Int32Array.of(0, 1, 2, 3))],
    ]);
    const { params, buffers } = initialWeights(networkShape('resnet8', 3), 4, 1);
    for (const [name, { shape, data }] of Object.entries({ ...params, ...buffers })) {
      // Which layout random kernels are read in doesn't matter, only that their shape is right.
      tensors.set(`model/${name}`, float32(shape.length === 4 ? [...shape].reverse() : shape, data));
    }
    const metadata = {
      network: 'resnet8',
      classes: '4',
      activation: 'relu',
      innerSteps: '4',
      innerLearningRate: '0.05',
      innerBatchNorm: 'batch',
    };
    writeFileSync(join(dir, 'in'), Buffer.concat(encodeSafetensors(tensors, metadata)));
    const bits: string[] = [];
    for (const out of ['first', 'second', 'third']) {
      const end = await runCli(['hypergradient', 'in', out, '--engine', 'native'], dir);
      assert.equal(end.code, 0, end.stderr);
      bits.push(readFileSync(join(dir, out)).toString('hex'));
    }
    assert.equal(new Set(bits).size, 1);
  });
});
