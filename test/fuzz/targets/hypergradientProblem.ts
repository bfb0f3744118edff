import { join } from 'node:path';
import fc from 'fast-check';
import { initialWeights } from '../../../src/learning/initialWeights';
import { networkShape } from '../../../src/learning/network';
import type { PlainTensors } from '../../../src/learning/model';
import { float32, int32, type TensorData } from '../../../src/store/dtypes';
import { readProblem } from '../../../src/trainer/hypergradientFile/readProblem';
import { mutatedBytes } from '../inputs/bytes';
import { mutatedHeaders, safetensors } from '../inputs/safetensorsFile';
import type { FuzzTarget } from '../target';

/** A problem with a whole network, convolutions in PyTorch's layout. */
function problem(): Uint8Array {
  const { params, buffers } = initialWeights(networkShape('resnet8', 1, 'relu'), 2, 1);
  const model = (tensors: PlainTensors): [string, TensorData][] =>
    Object.entries(tensors).map(([name, { shape, data }]) => {
      const [h = 1, w = 1, i = 1, o = 1] = shape;
      return [`model/${name}`, float32(shape.length === 4 ? [o, i, h, w] : shape, data)];
    });
  return safetensors(
    {
      ...Object.fromEntries([...model(params), ...model(buffers)]),
      exemplars: float32([2, 8, 8, 1], new Float32Array(128)),
      exemplar_labels: int32([2], Int32Array.of(0, 1)),
      data: float32([3, 8, 8, 1], new Float32Array(192)),
      data_labels: int32([3], Int32Array.of(0, 1, 1)),
    },
    { network: 'resnet8', classes: '2', activation: 'relu', innerSteps: '2', innerLearningRate: '0.1', innerBatchNorm: 'frozen' },
  );
}

export const target: FuzzTarget = {
  runs: 1000,
  file: 'in.safetensors',
  codes: ['config-invalid', 'data-invalid'],
  seeds: () => [problem()],
  mutated: (seeds) => fc.oneof(mutatedHeaders(seeds), mutatedBytes(seeds)),
  read: (folder) => readProblem(join(folder, 'in.safetensors')),
};
