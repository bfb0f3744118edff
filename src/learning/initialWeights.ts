import type { PlainTensor, PlainTensors } from './model';
import { featureCount, type NetworkShape } from './network';
import { layersOf } from './layers';
import { meanOfRows, normalizedRows } from './features';
import { RandomStream } from './randomStreams';

const filled = (shape: readonly number[], value: number): PlainTensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
});

/**
 * Fresh weights as the field's PyTorch code draws them: convolutions from N(0, 2 / fan-out), batch norm scale 1 and
 * shift 0, the classifier from U(−1/√features, 1/√features).
 */
export function initialWeights(shape: NetworkShape, classes: number, seed: number): { params: PlainTensors; buffers: PlainTensors } {
  const params: Record<string, PlainTensor> = {};
  const buffers: Record<string, PlainTensor> = {};

  const convolution = (name: string, kernel: number, inputs: number, outputs: number) => {
    const random = new RandomStream(seed, 'initial-weights', name);
    const tensor = filled([kernel, kernel, inputs, outputs], 0);
    const deviation = Math.sqrt(2 / (kernel * kernel * outputs));
    params[`${name}.weight`] = { shape: tensor.shape, data: tensor.data.map(() => deviation * random.normal()) };
  };
  const norm = (name: string, channels: number) => {
    params[`${name}.weight`] = filled([channels], 1);
    params[`${name}.bias`] = filled([channels], 0);
    buffers[`${name}.running_mean`] = filled([channels], 0);
    buffers[`${name}.running_var`] = filled([channels], 1);
  };

  for (const { conv, norm: behind, kernel, inputs, outputs } of layersOf(shape)) {
    convolution(conv, kernel, inputs, outputs);
    norm(behind, outputs);
  }
  Object.assign(params, growClassifier(shape, {}, classes, seed));
  return { params, buffers };
}

/**
 * The classifier for more classes: old rows and scale are kept, new ones are drawn as fresh ones are.
 * @param old parameters with `fc.weight` [old classes, features] and `fc.bias` or `fc.sigma`, or none yet
 */
export function growClassifier(shape: NetworkShape, old: PlainTensors, classes: number, seed: number): PlainTensors {
  const features = featureCount(shape);
  const bound = 1 / Math.sqrt(features);
  const random = new RandomStream(seed, 'initial-weights', 'fc', classes);
  const draw = (size: number[], kept: PlainTensor | undefined) => {
    const data = filled(size, 0).data.map(() => bound * (2 * random.uniform() - 1));
    data.set(kept?.data ?? []);
    return { shape: size, data };
  };
  const weight = draw([classes, features], old['fc.weight']);
  if (shape.head === 'cosine') return { 'fc.weight': weight, 'fc.sigma': old['fc.sigma'] ?? filled([1], 1) };
  return { 'fc.weight': weight, 'fc.bias': draw([classes], old['fc.bias']) };
}

/**
 * Rows of a cosine classifier for new classes (LUCIR's imprinting): a class's mean normalised feature, at the mean norm of
 * the old rows.
 * @param old `fc.weight`, [old classes, features]
 * @param features of each new class's images, [images, features]
 * @returns [new classes, features], row after row
 */
export function imprintedRows(old: PlainTensor, features: readonly Float32Array[]): Float32Array {
  const d = old.shape[1] ?? 0;
  const lengths = Array.from({ length: old.data.length / d }, (_, row) => Math.hypot(...old.data.subarray(row * d, (row + 1) * d)));
  const meanLength = lengths.reduce((a, b) => a + b, 0) / lengths.length;
  const rows = new Float32Array(features.length * d);
  features.forEach((matrix, k) => {
    const mean = meanOfRows(normalizedRows(matrix, d), d, Array(matrix.length / d).keys());
    const length = Math.hypot(...mean);
    mean.forEach((value, j) => (rows[k * d + j] = length > 0 ? (value / length) * meanLength : 0));
  });
  return rows;
}
