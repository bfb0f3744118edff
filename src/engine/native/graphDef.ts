import type { GraphNode } from './graphNode';
import { MessageWriter } from './protobuf';
import { simplifyGraph } from './simplifyGraph';

/** TensorFlow's DataType numbers (types.proto), of the types that occur in a recording. */
export const DataType = { float32: 1, int32: 3, int64: 9, bool: 10 } as const;

/** TensorFlow's TF_AttrType numbers, as the binding uses them. */
const AttrType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** An attribute of an op as the backend passes it to the binding. */
export interface OpAttr {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The values of a tensor that a graph carries in itself. */
export interface Constant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** A graph under construction, written as GraphDef (graph.proto, node_def.proto, attr_value.proto, tensor.proto). */
export class GraphBuilder {
  private readonly nodes: GraphNode[] = [];
  private readonly outputs = new Set<string>();

  get nodeCount(): number {
    return this.nodes.length;
  }

  /** Adds an input of the graph. Returns the name to feed. */
  placeholder(name: string, dtype: number, shape: readonly number[]): string {
    return this.add(name, 'Placeholder', [], shape, { dtype: typeAttr(dtype), shape: new MessageWriter().bytes(7, shapeMessage(shape)) });
  }

  /** Adds a node that carries values. Returns its output's name. */
  constant({ dtype, shape, values }: Constant): string {
    const tensor = new MessageWriter().int(1, dtype).bytes(2, shapeMessage(shape));
    // One repeated value is written once: zeros and ones of a batch's size are common.
    if (isUniform(values) && dtype !== DataType.int64) writeFirstValue(tensor, dtype, values);
    else tensor.bytes(4, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return this.add(`constant_${this.nodeCount}`, 'Const', [], shape, {
      dtype: typeAttr(dtype),
      value: new MessageWriter().bytes(8, tensor),
    });
  }

  /**
   * Adds an op. Returns its node's name; its outputs are `name:0`, `name:1`, …
   * @param shape of the first output
   */
  op(op: string, attrs: readonly OpAttr[], inputs: readonly string[], shape: readonly number[]): string {
    return this.add(
      `${op}_${this.nodeCount}`,
      op,
      inputs,
      shape,
      Object.fromEntries(attrs.map((attr) => [attr.name, attrMessage(op, attr)])),
    );
  }

  /** Names what is fetched: an Identity of its own, because an output may be an input, a constant, or another output. */
  output(name: string, dtype: number, input: string, shape: readonly number[]): void {
    this.add(name, 'Identity', [input], shape, { T: typeAttr(dtype) });
    this.outputs.add(name);
  }

  /** The SavedModel (saved_model.proto) that holds this one graph, simplified, under the tag `serve`. */
  savedModel(): Uint8Array {
    const graph = new MessageWriter();
    for (const node of simplifyGraph(this.nodes, this.outputs)) graph.bytes(1, nodeMessage(node));
    // GraphDef.versions: a producer of 2023, which every supported TensorFlow reads.
    const graphDef = Buffer.concat([graph.finish(), new MessageWriter().bytes(4, new MessageWriter().int(1, 1500)).finish()]);
    const metaInfo = new MessageWriter().bytes(4, 'serve');
    const metaGraph = new MessageWriter().bytes(1, metaInfo).bytes(2, graphDef);
    return new MessageWriter().int(1, 1).bytes(2, metaGraph).finish();
  }

  private add(name: string, op: string, inputs: readonly string[], shape: readonly number[], attrs: GraphNode['attrs']): string {
    this.nodes.push({ name, op, inputs, shape, attrs });
    return name;
  }
}

function nodeMessage({ name, op, inputs, attrs }: GraphNode): MessageWriter {
  const node = new MessageWriter().bytes(1, name).bytes(2, op);
  for (const input of inputs) node.bytes(3, input);
  for (const [key, value] of Object.entries(attrs)) node.bytes(5, new MessageWriter().bytes(1, key).bytes(2, value));
  return node;
}

function typeAttr(dtype: number): MessageWriter {
  return new MessageWriter().int(6, dtype);
}

function shapeMessage(shape: readonly number[]): MessageWriter {
  const message = new MessageWriter();
  for (const size of shape) message.bytes(2, new MessageWriter().int(1, size));
  return message;
}

function attrMessage(op: string, { name, type, value }: OpAttr): MessageWriter {
  const message = new MessageWriter();
  const list = Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  if (type === AttrType.string && typeof value === 'string') return message.bytes(2, value);
  if (type === AttrType.int && list) return message.bytes(1, numberList(3, list.map(Number)));
  if (type === AttrType.int && typeof value === 'number') return message.int(3, value);
  if (type === AttrType.float && typeof value === 'number') return message.float(4, value);
  if (type === AttrType.bool && typeof value === 'boolean') return message.int(5, value ? 1 : 0);
  if (type === AttrType.type && typeof value === 'number') return message.int(6, value);
  if (type === AttrType.shape && list) return message.bytes(7, shapeMessage(list.map(Number)));
  throw new TypeError(`attribute ${name} of ${op} has a kind that a graph can't carry`);
}

function numberList(field: number, values: readonly number[]): MessageWriter {
  const message = new MessageWriter();
  for (const value of values) message.int(field, value);
  return message;
}

function isUniform(values: Constant['values']): boolean {
  const first = values[0];
  // Object.is keeps -0 and 0 apart; NaN is one value of many bit patterns, so it is written out.
  return values.length > 1 && first === first && values.every((value: number) => Object.is(value, first));
}

function writeFirstValue(tensor: MessageWriter, dtype: number, values: Constant['values']): void {
  const value = values[0] ?? 0;
  if (dtype === DataType.float32) tensor.float(5, value);
  else if (dtype === DataType.int32) tensor.int(7, value);
  else tensor.int(11, value);
}
