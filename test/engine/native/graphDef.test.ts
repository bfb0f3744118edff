import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { DataType, GraphBuilder } from '../../../src/engine/native/graphDef';
import { MessageWriter } from '../../../src/engine/native/protobuf';

// An independent reader: the classes that Google's compiler generated.
interface Message {
  toObject(): Record<string, unknown>;
}
interface Reader {
  deserializeBinary(bytes: Uint8Array): Message;
}
const require = createRequire(__filename);
const readers = require('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js') as Record<'SavedModel' | 'GraphDef' | 'AttrValue', Reader>;

interface Node {
  name: string;
  op: string;
  inputList: string[];
  attrMap: [string, Record<string, unknown>][];
}

const read = (graph: GraphBuilder): { nodes: Node[]; tags: string[]; producer: number } => {
  const model = readers.SavedModel.deserializeBinary(graph.savedModel()).toObject() as {
    metaGraphsList: { metaInfoDef: { tagsList: string[] }; graphDef: { nodeList: Node[]; versions: { producer: number } } }[];
  };
  const [meta] = model.metaGraphsList;
  if (!meta) throw new Error('no meta graph');
  return { nodes: meta.graphDef.nodeList, tags: meta.metaInfoDef.tagsList, producer: meta.graphDef.versions.producer };
};

const attribute = (node: Node | undefined, name: string): Record<string, unknown> => {
  const found = node?.attrMap.find(([key]) => key === name)?.[1];
  if (!found) throw new Error(`no attribute ${name}`);
  return found;
};

describe('the written graph', () => {
  it('is read back by the generated classes: nodes, inputs, attributes of every kind', () => {
    const graph = new GraphBuilder();
    const x = graph.placeholder('x', DataType.float32, [2, -1]);
    const node = graph.op(
      'Some',
      [
        { name: 'kind', type: 0, value: 'SAME' },
        { name: 'strides', type: 1, value: [1, 2, 300, -4] },
        { name: 'axis', type: 1, value: -1 },
        { name: 'epsilon', type: 2, value: 0.5 },
        { name: 'flag', type: 3, value: true },
        { name: 'off', type: 3, value: false },
        { name: 'T', type: 4, value: DataType.int32 },
        { name: 'shape', type: 5, value: [3, 0] },
      ],
      [x, 'other:1'],
      [],
    );
    graph.output('named', DataType.float32, `${node}:0`, [2]);
    const { nodes, tags, producer } = read(graph);
    assert.deepEqual(tags, ['serve']);
    assert.ok(producer > 1000);
    const [placeholder, some, output] = nodes;
    assert.deepEqual([placeholder?.name, placeholder?.op], ['x', 'Placeholder']);
    assert.deepEqual(
      (attribute(placeholder, 'shape')['shape'] as { dimList: { size: number }[] }).dimList.map(({ size }) => size),
      [2, -1],
    );
    assert.deepEqual([some?.name, some?.op, some?.inputList], [node, 'Some', ['x', 'other:1']]);
    assert.deepEqual([output?.name, output?.op, output?.inputList], ['named', 'Identity', [`${node}:0`]]);
    assert.equal(Buffer.from(String(attribute(some, 'kind')['s']), 'base64').toString(), 'SAME');
    assert.deepEqual((attribute(some, 'strides')['list'] as { iList: number[] }).iList, [1, 2, 300, -4]);
    assert.equal(attribute(some, 'axis')['i'], -1);
    assert.equal(attribute(some, 'epsilon')['f'], 0.5);
    assert.equal(attribute(some, 'flag')['b'], true);
    assert.equal(attribute(some, 'off')['b'], false);
    assert.equal(attribute(some, 'T')['type'], DataType.int32);
  });

  it('carries constants: bytes where values differ, one value where they are all the same', () => {
    const graph = new GraphBuilder();
    for (const values of [Float32Array.of(1, -2), new Float32Array(1000).fill(0.25), Float32Array.of(0, -0)]) {
      const { length } = values;
      const node = graph.constant({ dtype: DataType.float32, shape: length === 2 ? [2] : [50, 20], values });
      graph.output(`of ${node}`, DataType.float32, `${node}:0`, []);
    }
    const constants = read(graph).nodes.filter(({ op }) => op === 'Const');
    const [different, uniform, signs] = constants.map(
      (node) => attribute(node, 'value')['tensor'] as { tensorContent: string; floatValList: number[] },
    );
    assert.deepEqual([...new Float32Array(Uint8Array.from(Buffer.from(different?.tensorContent ?? '', 'base64')).buffer)], [1, -2]);
    assert.deepEqual([uniform?.floatValList, uniform?.tensorContent], [[0.25], '']);
    assert.equal(Buffer.from(signs?.tensorContent ?? '', 'base64').length, 8, '0 and -0 are two values');
  });

  it('refuses an attribute that it has no form for, by name', () => {
    assert.throws(() => new GraphBuilder().op('Odd', [{ name: 'function', type: 8, value: {} }], [], []), /function of Odd/);
  });

  it('writes negative numbers and large ones as protobuf does', () => {
    assert.deepEqual([...new MessageWriter().int(3, -1).finish()], [24, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
    assert.deepEqual([...new MessageWriter().int(3, 300).finish()], [24, 172, 2]);
    assert.throws(() => new MessageWriter().int(1, 0.5), RangeError);
  });
});
