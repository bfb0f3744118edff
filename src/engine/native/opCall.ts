import type { DataType as TensorType } from '@tensorflow/tfjs-core';
import { DataType, type OpAttr } from './graphDef';

/** What a tensor is without its values. */
export interface TensorSpec {
  readonly shape: number[];
  readonly dtype: TensorType;
}

/** A step that can't become a graph, for a reason in the recording and not in the step's own arithmetic. */
export class RecordingError extends Error {}

const TYPE_NAMES: Readonly<Record<number, TensorType>> = {
  [DataType.float32]: 'float32',
  [DataType.int32]: 'int32',
  [DataType.bool]: 'bool',
};

/** A call of a TensorFlow op, as far as the shapes of what it returns depend on it. */
export class OpCall {
  /**
   * @param valuesOf the values of an input that is a constant of the recording; throws RecordingError for any other
   */
  constructor(
    readonly op: string,
    private readonly attrs: readonly OpAttr[],
    readonly inputs: readonly TensorSpec[],
    private readonly valuesOf: (input: number) => ArrayLike<number>,
  ) {}

  input(index: number): TensorSpec {
    const input = this.inputs[index];
    if (!input) throw this.unlike(`has no input ${index}`);
    return input;
  }

  /** The values of an input. A shape that depends on what only a run knows is none that can be recorded. */
  values(index: number): number[] {
    return Array.from(this.valuesOf(index));
  }

  value(index: number): number {
    return this.values(index)[0] ?? Number.NaN;
  }

  /** An input of axes, counted from the front: -1 is the last of `rank`. */
  axes(index: number, rank: number): number[] {
    return this.values(index).map((axis) => (axis < 0 ? axis + rank : axis));
  }

  numbers(attr: string): number[] {
    const value = this.attr(attr);
    if (!Array.isArray(value)) throw this.unlike(`has no list ${attr}`);
    return value.map(Number);
  }

  number(attr: string): number {
    return Number(this.attr(attr));
  }

  text(attr: string): string {
    return String(this.attr(attr));
  }

  flag(attr: string): boolean {
    return this.attr(attr) === true;
  }

  type(attr: string): TensorType {
    const name = TYPE_NAMES[this.number(attr)];
    if (!name) throw this.unlike(`has a type ${attr} that a recording can't have`);
    return name;
  }

  /** An error that names the op. */
  unlike(what: string): RecordingError {
    return new RecordingError(`${this.op} ${what}`);
  }

  private attr(name: string): unknown {
    return this.attrs.find((attr) => attr.name === name)?.value;
  }
}
