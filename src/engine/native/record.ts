import * as tf from '@tensorflow/tfjs-core';
import type { DataId, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Step, TensorTree } from '../engine';
import { leaves, mapTree } from '../tree';
import type { NativeBackend } from './backend';
import { DataType, GraphBuilder, type OpAttr } from './graphDef';

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

/** A step that can't become a graph, for a reason in the recording and not in the step's own arithmetic. */
export class RecordingError extends Error {}

/**
 * Runs a step once, op by op, and writes down every call that reaches TensorFlow. Inputs become
 * placeholders, tensors from outside become constants with the values that they have now.
 *
 * @throws RecordingError for an op that a graph can't carry; whatever the step throws
 */
export function recordStep<I extends TensorTree, O extends TensorTree>(
  backend: NativeBackend,
  step: Step<I, O>,
  inputs: I,
): RecordedStep<O> {
  const scope = tf.engine();
  scope.startScope('record');
  try {
    const recorder = new Recorder(backend);
    // Each input gets a data id of its own, even if the caller passes one tensor twice.
    const traced = mapTree(inputs, (tensor) => backend.executeSingleOutput('Identity', [typeAttr(backend, tensor)], [tensor]));
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

/** Keeps the outputs' structure, names in the step's own order, without their tensors. */
function assembler<O extends TensorTree>(outputs: O): (tensors: readonly Tensor[]) => O {
  const positions = new Map(leaves(outputs).map(({ tensor }, position) => [tensor, position] as const));
  return (tensors) =>
    mapTree(outputs, (placeholder) => {
      const tensor = tensors[positions.get(placeholder) ?? -1];
      if (!tensor) throw new RecordingError(`the graph gave ${tensors.length} outputs instead of ${positions.size}`);
      return tensor;
    });
}

class Recorder {
  private readonly graph = new GraphBuilder();
  /** The name in the graph of each data id. Ids are objects, so holding them keeps them apart even when their tensors are disposed. */
  private readonly names = new Map<DataId, string>();

  constructor(private readonly backend: NativeBackend) {}

  get nodeCount(): number {
    return this.graph.nodeCount;
  }

  input(name: string, tensor: Tensor): string {
    this.names.set(tensor.dataId, this.graph.placeholder(name, this.backend.getDTypeInteger(tensor.dtype), tensor.shape));
    return `${name}:0`;
  }

  /** An Identity of its own, because an output may be an input, a constant, or another output. */
  output(name: string, tensor: Tensor): string {
    this.graph.op('Identity', [typeAttr(this.backend, tensor)], [this.nameOf(tensor)], name);
    return `${name}:0`;
  }

  savedModel(): Uint8Array {
    return this.graph.savedModel();
  }

  /** Runs a function with the backend's two doors to TensorFlow watched. */
  whileRecording<T>(run: () => T): T {
    const { backend } = this;
    const { executeSingleOutput, executeMultipleOutputs } = backend;
    backend.executeSingleOutput = (op, attrs, inputs) => {
      const output = executeSingleOutput.call(backend, op, attrs, inputs);
      this.node(op, attrs, inputs, [output]);
      return output;
    };
    backend.executeMultipleOutputs = (op, attrs, inputs, count) => {
      const outputs = executeMultipleOutputs.call(backend, op, attrs, inputs, count);
      this.node(op, attrs, inputs, outputs);
      return outputs;
    };
    try {
      return run();
    } finally {
      backend.executeSingleOutput = executeSingleOutput;
      backend.executeMultipleOutputs = executeMultipleOutputs;
    }
  }

  private node(op: string, attrs: readonly OpAttr[], inputs: readonly TensorInfo[], outputs: readonly Tensor[]): void {
    const names = inputs.map((input) => this.nameOf(input));
    try {
      const node = this.graph.op(op, this.complete(op, attrs, inputs), names);
      outputs.forEach((output, i) => this.names.set(output.dataId, `${node}:${i}`));
    } catch (error) {
      throw new RecordingError(`${op} can't be recorded: ${error instanceof Error ? error.message : String(error)}`);
    }
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
