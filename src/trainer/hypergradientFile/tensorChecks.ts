import type { PlainTensor } from '../../learning/model';
import { dataError, type LabError } from '../../protocol/errors';
import type { TensorData } from '../../store/dtypes';

/** The tensors of a problem's file, taken one by one: what is left over at the end was not asked for. */
export class CheckedTensors {
  private readonly left: Map<string, TensorData>;

  constructor(
    tensors: ReadonlyMap<string, TensorData>,
    private readonly file: string,
  ) {
    this.left = new Map(tensors);
  }

  /** A float32 tensor of finite numbers. @param shape its sizes; a word stands for any size from 1 on */
  floats(name: string, shape: readonly (number | string)[]): PlainTensor {
    const tensor = this.take(name, shape);
    if (tensor.dtype !== 'F32') throw this.wrong(name, `is ${tensor.dtype}; store it as float32 (F32)`);
    const at = tensor.data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw this.wrong(name, `holds ${tensor.data[at]} at position ${at}; replace what is not a finite number`);
    return { shape: tensor.shape, data: tensor.data };
  }

  /** Class indices below `classes`, int32 or PyTorch's int64. */
  labels(name: string, count: number, classes: number): Int32Array {
    const tensor = this.take(name, [count]);
    if (tensor.dtype !== 'I32' && tensor.dtype !== 'I64') throw this.wrong(name, `is ${tensor.dtype}; store labels as int32 (I32)`);
    const labels = Array.from(tensor.data, Number);
    const at = labels.findIndex((label) => label < 0 || label >= classes);
    if (at >= 0)
      throw this.wrong(
        name,
        `holds the label ${labels[at]} at position ${at}; with ${classes} classes, labels go from 0 to ${classes - 1}`,
      );
    return Int32Array.from(labels);
  }

  /** @throws LabError `data-invalid` where a tensor was not taken, unless its name is one that may be there */
  assertNoOther(mayStay: (name: string) => boolean): void {
    const extra = [...this.left.keys()].find((name) => !mayStay(name));
    if (extra !== undefined) throw this.wrong(extra, 'has no place in this problem; leave it out, or check the metadata and its name');
  }

  wrong(name: string, problem: string): LabError {
    return dataError(`${this.file} can't be used: tensor "${name}" ${problem}.`);
  }

  private take(name: string, shape: readonly (number | string)[]): TensorData {
    const tensor = this.left.get(name);
    if (!tensor) throw dataError(`${this.file} can't be used: it has no tensor "${name}"; add it, of shape [${shape.join(', ')}].`);
    this.left.delete(name);
    const fits = tensor.shape.length === shape.length && shape.every((size, axis) => isSize(tensor.shape[axis] ?? 0, size));
    if (!fits) throw this.wrong(name, `has the shape [${tensor.shape.join(', ')}]; give it the shape [${shape.join(', ')}]`);
    return tensor;
  }
}

const isSize = (size: number, expected: number | string): boolean => (typeof expected === 'string' ? size >= 1 : size === expected);
