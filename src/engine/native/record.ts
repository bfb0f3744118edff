import * as tf from '@tensorflow/tfjs-core';
import type { DataId, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Step, TensorTree } from '../engine';
import { leaves, mapTree } from '../tree';
import { takeOverOps, type NativeBackend, type OutputsOf } from './backend';
import { DataType, GraphBuilder, type OpAttr } from './graphDef';
import { OpCall, RecordingError } from './opCall';
import { inferOutputs } from './shapeFunctions';

/** A step as a graph: what to feed, what to fetch, and the SavedModel's bytes. */
export interface RecordedStep<O extends TensorTree> {
  readonly savedModel: Uint8Array;
  readonly nodeCount: number;
  /** Names to feed, in the order of the inputs' leaves. */
  readonly feeds: readonly string[];
  /** Names to fetch, in the order of the outputs' leaves. */
  readonly fetches: readonly string[];
  /** Puts fetched tensors back into the form that the step returned. */
  readonly assemble: (outputs: readonly Tensor[]) => O;
}

/**
 * Calls a step once and writes down every call that reaches TensorFlow. Nothing is executed: the step works on tensors
 * that have a shape and a type and no values. Inputs become placeholders, tensors from outside become constants with the
 * values that they have now.
 *
 * @param execute executes ops instead, so that a test can compare
 * @throws RecordingError for an op that a graph can't carry, and for a value that only a run of the graph has; whatever the step throws
 */
export function recordStep<I extends TensorTree, O extends TensorTree>(
  backend: NativeBackend,
  step: Step<I, O>,
  inputs: I,
  execute?: OutputsOf,
): RecordedStep<O> {
  const scope = tf.engine();
  scope.startScope('record');
  try {
    const recorder = new Recorder(backend, execute);
    // Each input gets a data id of its own, even if the caller passes one tensor twice.
    const traced = mapTree(inputs, (tensor) => recorder.trace(tensor));
    const feeds = leaves(traced).map(({ tensor }, i) => recorder.input(`input_${i}`, tensor));
    // A clone is another name for the same data: the outputs become distinct objects, as the results will be.
    const outputs = mapTree(
      recorder.whileRecording(() => step(traced)),
      (tensor) => tensor.clone(),
    );
    const fetches = leaves(outputs).map(({ tensor }, i) => recorder.output(`output_${i}`, tensor));
    return { savedModel: recorder.savedModel(), nodeCount: recorder.nodeCount, feeds, fetches, assemble: assembler(outputs) };
  } finally {
    scope.endScope();
  }
}

/**
 * Keeps the outputs' structure, names in the step's own order, without their tensors. What a graph returns must have the
 * shapes and types that were inferred: a wrong inference shows here, not in a wrong number.
 */
function assembler<O extends TensorTree>(outputs: O): (tensors: readonly Tensor[]) => O {
  const positions = new Map(leaves(outputs).map(({ tensor }, position) => [tensor, position] as const));
  return (tensors) =>
    mapTree(outputs, (placeholder) => {
      const tensor = tensors[positions.get(placeholder) ?? -1];
      if (!tensor) throw new RecordingError(`the graph gave ${tensors.length} outputs instead of ${positions.size}`);
      if (tensor.dtype !== placeholder.dtype || !tf.util.arraysEqual(tensor.shape, placeholder.shape))
        throw new RecordingError(`the graph gave ${described(tensor)} where ${described(placeholder)} was recorded`);
      return tensor;
    });
}

/** The number of no tensor: TensorFlow counts its own from 0. */
const NOTHING = -1;

const described = ({ dtype, shape }: Tensor): string => `${dtype}[${shape.join(',')}]`;

class Recorder {
  private readonly graph = new GraphBuilder();
  /** The name in the graph of each data id. Ids are objects, so holding them keeps them apart even when their tensors are disposed. */
  private readonly names = new Map<DataId, string>();
  /** The data ids among them that get their values when the graph runs. */
  private readonly valueless = new Set<DataId>();

  constructor(
    private readonly backend: NativeBackend,
    private readonly outputsOf: OutputsOf = (op, attrs, inputs) => this.infer(op, attrs, inputs),
  ) {}

  get nodeCount(): number {
    return this.graph.nodeCount;
  }

  /** What stands for an input of the step while it is recorded. */
  trace(tensor: Tensor): Tensor {
    const [traced] = this.outputsOf('Identity', [typeAttr(this.backend, tensor)], [tensor], 1);
    if (!traced) throw new RecordingError('an input has nothing that stands for it');
    return traced;
  }

  input(name: string, tensor: Tensor): string {
    this.name(tensor, this.graph.placeholder(name, this.backend.getDTypeInteger(tensor.dtype), tensor.shape));
    return `${name}:0`;
  }

  output(name: string, tensor: Tensor): string {
    this.graph.output(name, this.backend.getDTypeInteger(tensor.dtype), this.nameOf(tensor), tensor.shape);
    return `${name}:0`;
  }

  savedModel(): Uint8Array {
    return this.graph.savedModel();
  }

  /** Runs a function with the backend's two doors to TensorFlow, and its one door back, taken over. */
  whileRecording<T>(run: () => T): T {
    const { backend } = this;
    const { readSync } = backend;
    const giveBack = takeOverOps(backend, () => (op, attrs, inputs, outputs) => this.node(op, attrs, inputs, outputs));
    backend.readSync = (dataId) => {
      if (this.valueless.has(dataId)) throw new RecordingError('the step reads a value, which only a run of its graph has');
      return readSync.call(backend, dataId);
    };
    try {
      return run();
    } finally {
      giveBack();
      backend.readSync = readSync;
    }
  }

  private node(op: string, attrs: readonly OpAttr[], inputs: readonly TensorInfo[], count: number): Tensor[] {
    const outputs = this.outputsOf(op, attrs, inputs, count);
    const names = inputs.map((input) => this.nameOf(input));
    try {
      const node = this.graph.op(op, this.complete(op, attrs, inputs), names, outputs[0]?.shape ?? []);
      outputs.forEach((output, i) => this.name(output, `${node}:${i}`));
    } catch (error) {
      throw new RecordingError(`${op} can't be recorded: ${error instanceof Error ? error.message : String(error)}`);
    }
    return outputs;
  }

  /** The outputs of an op by its shape function, without values. */
  private infer(op: string, attrs: readonly OpAttr[], inputs: readonly TensorInfo[]): Tensor[] {
    const { backend } = this;
    const call = new OpCall(op, attrs, inputs, (index) => {
      const input = inputs[index];
      if (!input || this.valueless.has(input.dataId))
        throw new RecordingError(`${op} has a shape that depends on a value, which only a run of the graph has`);
      return backend.readSync(input.dataId) as ArrayLike<number>;
    });
    return inferOutputs(call).map(({ shape, dtype }) =>
      backend.createOutputTensor({ id: NOTHING, shape, dtype: backend.getDTypeInteger(dtype) }),
    );
  }

  /** The one op whose kernel leaves it to eager execution to infer the types of its inputs. */
  private complete(op: string, attrs: readonly OpAttr[], [input]: readonly TensorInfo[]): readonly OpAttr[] {
    if (op !== 'ExpandDims' || !input || attrs.some(({ name }) => name === 'T')) return attrs;
    return [...attrs, typeAttr(this.backend, input), { ...typeAttr(this.backend, input), name: 'Tdim', value: DataType.int32 }];
  }

  private nameOf(tensor: TensorInfo): string {
    const known = this.names.get(tensor.dataId);
    if (known !== undefined) return known;
    const name = this.constant(tensor);
    this.names.set(tensor.dataId, name);
    return name;
  }

  private name(tensor: TensorInfo, name: string): void {
    this.names.set(tensor.dataId, name);
    this.valueless.add(tensor.dataId);
  }

  private constant(tensor: TensorInfo): string {
    if (isInt64Scalar(tensor)) return this.graph.constant({ dtype: DataType.int64, shape: [], values: tensor.valueArray });
    const values = this.backend.readSync(tensor.dataId);
    if (!(values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array)) {
      throw new RecordingError(`a constant of type ${tensor.dtype} can't be recorded`);
    }
    return this.graph.constant({ dtype: this.backend.getDTypeInteger(tensor.dtype), shape: tensor.shape, values });
  }
}

/** tfjs-node passes 64-bit scalars as an object of its own that looks like a tensor from a distance. */
function isInt64Scalar(tensor: object): tensor is { readonly valueArray: Int32Array } {
  return 'valueArray' in tensor && tensor.valueArray instanceof Int32Array;
}

function typeAttr(backend: NativeBackend, tensor: TensorInfo): OpAttr {
  return { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(tensor.dtype) };
}
