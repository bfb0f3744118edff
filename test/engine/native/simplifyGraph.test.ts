import assert from 'node:assert/strict';
import { DataType, GraphBuilder } from '../../../src/engine/native/graphDef';
import type { GraphNode } from '../../../src/engine/native/graphNode';
import { MessageWriter } from '../../../src/engine/native/protobuf';
import { simplifyGraph } from '../../../src/engine/native/simplifyGraph';

const node = (name: string, op: string, inputs: readonly string[] = [], rest: Partial<GraphNode> = {}): GraphNode => ({
  name,
  op,
  inputs,
  shape: [4],
  attrs: {},
  ...rest,
});
const attr = (value: number): GraphNode['attrs'] => ({ axis: new MessageWriter().int(3, value) });
const x = node('x', 'Placeholder');

const left = (outputs: readonly string[], ...nodes: readonly GraphNode[]): string[] =>
  simplifyGraph([x, ...nodes], new Set(outputs))
    .slice(1)
    .map(({ name, op, inputs }) => `${name} = ${op}(${inputs.join(' ')})`);

describe('a recorded graph is simplified', () => {
  it('without what no output needs; what is fed stays, since it is fed by its name', () => {
    const graph = [node('a', 'Neg', ['x:0']), node('b', 'Exp', ['a:0']), node('unused', 'Placeholder'), node('c', 'Abs', ['a:0'])];
    assert.deepEqual(left(['c'], ...graph), ['a = Neg(x:0)', 'unused = Placeholder()', 'c = Abs(a:0)']);
  });

  it('with once what is there twice, and what follows from it', () => {
    const twice = [node('a', 'Neg', ['x:0']), node('b', 'Neg', ['x:0']), node('c', 'Exp', ['a:0']), node('d', 'Exp', ['b:0'])];
    assert.deepEqual(left(['y'], ...twice, node('y', 'Add', ['c:0', 'd:0'])), ['a = Neg(x:0)', 'c = Exp(a:0)', 'y = Add(c:0 c:0)']);
  });

  it('where attributes, the order of inputs, or the output that is meant differ, both stay', () => {
    const sums = [node('a', 'Sum', ['x:0'], { attrs: attr(0) }), node('b', 'Sum', ['x:0'], { attrs: attr(1) })];
    assert.equal(left(['y'], ...sums, node('y', 'Add', ['a:0', 'b:0'])).length, 3);
    const differences = [node('n', 'Neg', ['x:0']), node('a', 'Sub', ['x:0', 'n:0']), node('b', 'Sub', ['n:0', 'x:0'])];
    assert.equal(left(['y'], ...differences, node('y', 'Add', ['a:0', 'b:0'])).length, 4);
    const norms = [node('a', 'FusedBatchNormV3', ['x:0']), node('b', 'FusedBatchNormV3', ['x:0']), node('y', 'Add', ['a:1', 'b:2'])];
    assert.deepEqual(left(['y'], ...norms), ['a = FusedBatchNormV3(x:0)', 'y = Add(a:1 a:2)']);
  });

  it('past clones, casts to the same type and reshapes to the same shape, and no others', () => {
    const cast = (from: number, to: number) => ({
      attrs: { SrcT: new MessageWriter().int(6, from), DstT: new MessageWriter().int(6, to) },
    });
    const vacuous = [
      node('clone', 'Identity', ['x:0']),
      node('cast', 'Cast', ['clone:0'], cast(1, 1)),
      node('same', 'Reshape', ['cast:0', 's:0']),
    ];
    assert.deepEqual(left(['y'], ...vacuous, node('y', 'Neg', ['same:0'])), ['y = Neg(x:0)']);
    const real = [node('cast', 'Cast', ['x:0'], cast(3, 1)), node('other', 'Reshape', ['cast:0', 's:0'], { shape: [2, 2] })];
    assert.equal(left(['y'], ...real, node('y', 'Neg', ['other:0'])).length, 3);
  });

  it('outputs keep their names, two of the same as well', () => {
    const outputs = [node('y', 'Identity', ['x:0']), node('z', 'Identity', ['x:0'])];
    assert.deepEqual(left(['y', 'z'], ...outputs), ['y = Identity(x:0)', 'z = Identity(x:0)']);
  });

  it('with one node for a constant that comes again, and nodes of their own for others', () => {
    const graph = new GraphBuilder();
    const axes = (values: Int32Array, shape = [values.length]) => graph.constant({ dtype: DataType.int32, shape, values });
    const constants = [
      axes(Int32Array.of(1, 2)),
      axes(Int32Array.of(1, 2)),
      axes(Int32Array.of(2, 1)),
      axes(Int32Array.of(1, 2), [2, 1]),
      graph.constant({ dtype: DataType.float32, shape: [2], values: new Float32Array(Int32Array.of(1, 2).buffer) }),
      ...[0, -0].map((value) => graph.constant({ dtype: DataType.float32, shape: [], values: Float32Array.of(value) })),
    ];
    constants.forEach((name, i) => graph.output(`output_${i}`, DataType.int32, `${name}:0`, []));
    const written = Buffer.from(graph.savedModel()).toString('latin1');
    assert.equal(written.match(/\x0a.constant_\d/gs)?.length, 6);
    assert.ok(!written.includes('constant_1'), 'the second is the first');
  });
});
