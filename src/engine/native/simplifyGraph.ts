import { fuseConvolutions } from './fuseConvolutions';
import type { GraphNode } from './graphNode';

/**
 * A recorded graph without what its outputs don't need, without what is computed twice, and with convolutions joined with what follows them. TensorFlow
 * wouldn't run most of what goes, which differentiation has left behind, but keeps every node of a graph in memory, at some 4 KB each; and a
 * convolution that something else uses, if only in vain, can't be joined.
 * @param given in an order in which each comes after its inputs, all of them without side effects
 * @param outputs names of the nodes that are fetched
 */
export function simplifyGraph(given: readonly GraphNode[], outputs: ReadonlySet<string>): readonly GraphNode[] {
  const needed = (nodes: readonly GraphNode[]): readonly GraphNode[] => onlyNeeded(nodes, outputs);
  return needed(fuseConvolutions(needed(withoutRepetitions(given, outputs))));
}

/** What computes the same as another, or gives its input as it is, is replaced by that other one. */
function withoutRepetitions(given: readonly GraphNode[], outputs: ReadonlySet<string>): readonly GraphNode[] {
  const standIns = new Map<string, string>();
  const shapes = new Map<string, readonly number[]>();
  const known = new Map<string, string>();
  return given.flatMap((node) => {
    const inputs = node.inputs.map((input) => standInFor(input, standIns));
    const [first = ''] = inputs;
    shapes.set(`${node.name}:0`, node.shape);
    // Placeholders are fed and outputs are fetched by their names.
    const named = node.op === 'Placeholder' || outputs.has(node.name);
    if (!named && changesNothing(node, shapes.get(first))) {
      standIns.set(`${node.name}:0`, first);
      return [];
    }
    const content = contentOf(node, inputs);
    const same = named ? undefined : known.get(content);
    if (same !== undefined) {
      standIns.set(node.name, same);
      return [];
    }
    if (!named) known.set(content, node.name);
    return { ...node, inputs };
  });
}

/** An output may have a stand-in by itself, or its node has one. */
function standInFor(output: string, standIns: ReadonlyMap<string, string>): string {
  const own = standIns.get(output);
  if (own !== undefined) return own;
  const [node = '', port] = output.split(':');
  const other = standIns.get(node);
  return other === undefined ? output : `${other}:${port}`;
}

/** Clones, casts from a type to itself and reshapes to what a tensor is anyway. */
function changesNothing({ op, shape, attrs: { SrcT: from, DstT: to } }: GraphNode, before: readonly number[] | undefined): boolean {
  if (op === 'Identity') return true;
  if (op === 'Cast') return from !== undefined && to !== undefined && Buffer.compare(from.finish(), to.finish()) === 0;
  return op === 'Reshape' && before !== undefined && before.length === shape.length && before.every((size, axis) => size === shape[axis]);
}

/** The same for two nodes that compute the same. */
function contentOf({ op, attrs }: GraphNode, inputs: readonly string[]): string {
  const values = Object.entries(attrs).map(([name, value]) => [name, Buffer.from(value.finish()).toString('latin1')]);
  return JSON.stringify([op, inputs, values]);
}

function onlyNeeded(nodes: readonly GraphNode[], outputs: ReadonlySet<string>): readonly GraphNode[] {
  const needed = new Set(outputs);
  const backwards = [...nodes].reverse().filter(({ name, op, inputs }) => {
    if (!needed.has(name) && op !== 'Placeholder') return false;
    for (const input of inputs) needed.add(input.split(':')[0] ?? '');
    return true;
  });
  return backwards.reverse();
}
