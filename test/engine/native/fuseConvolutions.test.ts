import assert from 'node:assert/strict';
import type { GraphNode } from '../../../src/engine/native/graphNode';
import { MessageWriter } from '../../../src/engine/native/protobuf';
import { simplifyGraph } from '../../../src/engine/native/simplifyGraph';

const IMAGES = [2, 8, 8, 16];
const node = (name: string, op: string, inputs: readonly string[] = [], shape: readonly number[] = IMAGES): GraphNode => ({
  name,
  op,
  inputs: inputs.map((input) => `${input}:0`),
  shape,
  attrs: {},
});
const given = (name: string, shape?: readonly number[]): GraphNode => node(name, 'Placeholder', [], shape);
const sources = [given('x'), given('v'), given('w', [3, 3, 16, 16]), given('u', [3, 3, 16, 16]), given('c', [16])];

/** What is left of a graph whose last node is fetched, behind its inputs, as `op(inputs)`. */
const fused = (...nodes: readonly GraphNode[]): string[] =>
  simplifyGraph([...sources, ...nodes], new Set([nodes.at(-1)?.name ?? '']))
    .slice(sources.length)
    .map(({ name, op, inputs }) => `${name} = ${op}(${inputs.map((input) => input.replace(':0', '')).join(' ')})`);

describe('convolutions are joined', () => {
  it('with a bias, a tensor that is added, and relu, in one op under the name of the last', () => {
    const graph = [
      node('a', 'LabConv2D', ['x', 'w']),
      node('b', 'BiasAdd', ['a', 'c']),
      node('s', 'Add', ['v', 'b']),
      node('y', 'Relu', ['s']),
      node('out', 'Identity', ['y']),
    ];
    assert.deepEqual(fused(...graph), ['y = LabConv2D(x w c v)', 'out = Identity(y)']);
  });

  it('with each other where they are summed, and with a relu’s derivative', () => {
    const graph = [
      node('a', 'LabConv2DBackpropInput', ['x', 'w']),
      node('b', 'LabConv2DBackpropInput', ['v', 'u']),
      node('s', 'Add', ['a', 'b']),
      node('y', 'ReluGrad', ['s', 'v']),
    ];
    assert.deepEqual(fused(...graph), ['y = LabConv2DBackpropInput(x v w u v)']);
  });

  it("so are filters' gradients, and nothing else is with those", () => {
    const filter = [3, 3, 16, 16];
    const graph = [
      node('a', 'LabConv2DBackpropFilter', ['x', 'v'], filter),
      node('b', 'LabConv2DBackpropFilter', ['v', 'x'], filter),
      node('s', 'Add', ['a', 'b'], filter),
      node('y', 'Add', ['s', 'w'], filter),
    ];
    assert.deepEqual(fused(...graph), ['s = LabConv2DBackpropFilter(x v v x)', 'y = Add(s w)']);
  });

  it('not where something else uses what is between, be it twice by one op', () => {
    const conv = node('a', 'LabConv2D', ['x', 'w']);
    assert.equal(fused(conv, node('r', 'Relu', ['a']), node('m', 'Mul', ['a', 'r'])).length, 3);
    assert.deepEqual(fused(conv, node('s', 'Add', ['a', 'a'])), ['a = LabConv2D(x w)', 's = Add(a a)']);
    assert.deepEqual(fused(conv, node('d', 'ReluGrad', ['a', 'a'])), ['a = LabConv2D(x w)', 'd = ReluGrad(a a)']);
    assert.deepEqual(fused(conv, node('d', 'ReluGrad', ['v', 'a'])), ['a = LabConv2D(x w)', 'd = ReluGrad(v a)'], 'as the mask');
  });

  it('not after a relu, nor with a number or another size that is added to all', () => {
    const relu = [node('a', 'LabConv2D', ['x', 'w']), node('r', 'Relu', ['a'])];
    assert.deepEqual(fused(...relu, node('s', 'Add', ['r', 'v'])), ['r = LabConv2D(x w)', 's = Add(r v)']);
    for (const shape of [[], [1], [1, 8, 8, 16], [8, 8, 16]])
      assert.equal(fused(given('k', shape), node('a', 'LabConv2D', ['x', 'w']), node('s', 'Add', ['a', 'k'])).length, 3, String(shape));
    assert.equal(fused(given('k', [2, 1, 1, 16]), node('a', 'LabConv2D', ['x', 'w']), node('s', 'Add', ['k', 'a'])).length, 3);
  });

  it('not two of different sizes or directions: the second becomes what is added to the first', () => {
    const wide = [given('p', [2, 8, 8, 32]), given('q', [3, 3, 32, 16])];
    const graph = [node('a', 'LabConv2D', ['x', 'w']), node('b', 'LabConv2D', ['p', 'q']), node('s', 'Add', ['a', 'b'])];
    assert.deepEqual(fused(...wide, ...graph).slice(2), ['b = LabConv2D(p q)', 's = LabConv2D(x w b)']);
    const turned = [node('a', 'LabConv2D', ['x', 'w']), node('b', 'LabConv2DBackpropInput', ['v', 'u']), node('s', 'Add', ['a', 'b'])];
    assert.deepEqual(fused(...turned), ['b = LabConv2DBackpropInput(v u)', 's = LabConv2D(x w b)']);
  });

  it('through a cast that changes nothing, and with a bias that was repeated for every pixel', () => {
    const cast = (from: number, to: number): GraphNode => {
      const attrs = { SrcT: new MessageWriter().int(6, from), DstT: new MessageWriter().int(6, to) };
      return { ...node('k', 'Cast', ['a']), attrs };
    };
    const graph = (kept: GraphNode) => [node('a', 'LabConv2D', ['x', 'w']), kept, node('s', 'Add', ['v', 'k'])];
    assert.deepEqual(fused(...graph(cast(1, 1))), ['s = LabConv2D(x w v)']);
    assert.equal(fused(...graph(cast(3, 1))).length, 3);

    const repeated = (of: readonly number[]) => [
      given('b', of),
      node('t', 'Tile', ['b', 'n']),
      node('a', 'LabConv2D', ['x', 'w']),
      node('s', 'Add', ['t', 'a']),
    ];
    assert.equal(fused(...repeated([1, 1, 1, 16])).at(-1), 's = LabConv2D(x w b)');
    assert.equal(fused(...repeated([2, 1, 1, 16])).at(-1), 's = LabConv2D(x w t)');
  });

  it('with one bias each: a second one stays', () => {
    const graph = [node('a', 'LabConv2D', ['x', 'w']), node('b', 'Add', ['a', 'c']), node('d', 'Add', ['b', 'c'])];
    assert.deepEqual(fused(...graph), ['b = LabConv2D(x w c)', 'd = Add(b c)']);
  });
});
