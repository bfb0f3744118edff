import { initialWeights } from '../../learning/initialWeights';
import type { PlainTensor, PlainTensors } from '../../learning/model';
import { networkShape, type NetworkShape } from '../../learning/network';
import { dataError, LabError } from '../../protocol/errors';
import { readSafetensors, type SafetensorsFile } from '../../store/readSafetensors';
import { parseProblemMetadata, type ProblemMetadata } from './problemMetadata';
import { CheckedTensors } from './tensorChecks';

/** A hypergradient to compute, as a file holds it. */
export interface FileProblem {
  readonly metadata: ProblemMetadata;
  readonly shape: NetworkShape;
  readonly params: PlainTensors;
  readonly buffers: PlainTensors;
  /** [m, H, W, C] */
  readonly exemplars: PlainTensor;
  readonly exemplarLabels: Int32Array;
  /** [n, H, W, C] */
  readonly data: PlainTensor;
  readonly dataLabels: Int32Array;
}

const MODEL = 'model/';

/**
 * Reads a problem in algorithm.md's verification format: `model/<PyTorch's name>`, `exemplars`, `data` and their labels,
 * the numbers as metadata. All of it is checked before any of it is used.
 * @throws LabError `config-invalid` for metadata, `data-invalid` for tensors or a file that can't be read
 */
export async function readProblem(path: string): Promise<FileProblem> {
  const file = await read(path);
  const metadata = parseProblemMetadata(file.metadata, path);
  const tensors = new CheckedTensors(file.tensors, path);
  const exemplars = tensors.floats('exemplars', ['m', 'H', 'W', 'C']);
  const [m = 0, height = 0, width = 0, channels = 0] = exemplars.shape;
  const data = tensors.floats('data', ['n', height, width, channels]);
  const exemplarLabels = tensors.labels('exemplar_labels', m, metadata.classes);
  const dataLabels = tensors.labels('data_labels', data.shape[0] ?? 0, metadata.classes);
  const shape = networkShape(metadata.network, channels, metadata.activation);
  // A fresh network of that kind says which tensors there are, and their shapes.
  const fresh = initialWeights(shape, metadata.classes, 0);
  const take = (expected: PlainTensors): PlainTensors =>
    Object.fromEntries(Object.entries(expected).map(([name, like]) => [name, weights(tensors, MODEL + name, like.shape)]));
  const params = take(fresh.params);
  const buffers = take(fresh.buffers);
  // A counter of PyTorch's batch norm, which no forward pass uses.
  tensors.assertNoOther((name) => name.startsWith(MODEL) && name.endsWith('.num_batches_tracked'));
  return { metadata, shape, params, buffers, exemplars, exemplarLabels, data, dataLabels };
}

async function read(path: string): Promise<SafetensorsFile> {
  try {
    return await readSafetensors(path);
  } catch (error) {
    // The reader speaks of run folders; here the file is the data.
    if (error instanceof LabError) throw dataError(error.message, { cause: error });
    throw error;
  }
}

/** @param shape as ours: [kernel, kernel, in, out] of a convolution, which the file holds as [out, in, kernel, kernel] */
function weights(tensors: CheckedTensors, name: string, shape: readonly number[]): PlainTensor {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
  if (shape.length === 4) return { shape, data: toHwio(tensors.floats(name, [outputs, inputs, height, width]).data, shape) };
  const { data } = tensors.floats(name, shape);
  if (name.endsWith('.running_var') && data.some((value) => value < 0))
    throw tensors.wrong(name, 'holds a negative variance; store the running variance itself');
  return { shape, data };
}

/** [out, in, height, width] → [height, width, in, out] */
function toHwio(oihw: Float32Array, [height = 1, width = 1, inputs = 1, outputs = 1]: readonly number[]): Float32Array {
  const area = height * width;
  const hwio = new Float32Array(oihw.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let p = 0; p < area; p++) hwio[(p * inputs + i) * outputs + o] = oihw[(o * inputs + i) * area + p] ?? 0;
  return hwio;
}
