import type { GraphNode } from './graphNode';
import { MessageWriter } from './protobuf';

/** Ops of convolutions/ops.cc that take what follows them as well. */
const CONVOLUTIONS: readonly string[] = ['LabConv2D', 'LabConv2DBackpropInput'];
const FILTER_GRADIENT = 'LabConv2DBackpropFilter';

/** A convolution as far as it has been joined with what follows it. */
interface Convolution {
  readonly op: string;
  /** Pairs that are convolved and summed: an input and a filter, or an input and a gradient. */
  readonly terms: readonly (readonly [string, string])[];
  readonly biases: readonly string[];
  readonly addends: readonly string[];
  readonly relu: boolean;
  readonly masks: readonly string[];
}

/** What {@link follow} may know of the graph around a node. */
interface Around {
  /** The convolution that gives an output, where nothing else uses it. */
  before(output: string): Convolution | undefined;
  shapeOf(output: string): readonly number[];
  /** What an output repeats for every pixel, [1, …, 1, C]; undefined where it does something else. */
  repeatedBy(output: string): string | undefined;
}

/**
 * Joins convolutions with the sums, biases, relus and relus' derivatives behind them, where nothing else uses what is between: what would
 * go through memory once more for each of them is done while a convolution's output is at hand. An op that is joined takes the place, the name and the
 * shape of the last; those before it stay, and nothing uses them.
 * @param nodes in an order in which each comes after its inputs
 */
export function fuseConvolutions(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const byOutput = new Map(nodes.map((node) => [`${node.name}:0`, node]));
  const uses = countUses(nodes);
  const open = new Map<string, Convolution>();
  const around: Around = {
    before: (output) => (uses.get(output) === 1 ? open.get(output) : undefined),
    shapeOf: (output) => byOutput.get(output)?.shape ?? [],
    repeatedBy(output) {
      const { op, inputs: [source = ''] = [] } = byOutput.get(output) ?? {};
      return op === 'Tile' &&
        around
          .shapeOf(source)
          .slice(0, -1)
          .every((size) => size === 1)
        ? source
        : undefined;
    },
  };
  return nodes.map((node) => {
    const convolution = asConvolution(node) ?? follow(node, around);
    if (!convolution) return node;
    open.set(`${node.name}:0`, convolution);
    return { ...node, op: convolution.op, inputs: inputsOf(convolution), attrs: attrsOf(convolution) };
  });
}

function countUses(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { inputs } of nodes) for (const input of inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  return uses;
}

function asConvolution({ op, inputs: [first, second] }: GraphNode): Convolution | undefined {
  if ((!CONVOLUTIONS.includes(op) && op !== FILTER_GRADIENT) || first === undefined || second === undefined) return undefined;
  return { op, terms: [[first, second]], biases: [], addends: [], relu: false, masks: [] };
}

/** What becomes of the convolution before a node when it takes the node in; undefined where it can't. */
function follow({ op, inputs: [first = '', second = ''], shape }: GraphNode, around: Around): Convolution | undefined {
  const [a, b] = [around.before(first), around.before(second)];
  if (op === 'Relu') return a && endsOpen(a) ? { ...a, relu: true } : undefined;
  if (op === 'ReluGrad') return a && !isGradient(a) && a.masks.length === 0 && first !== second ? { ...a, masks: [second] } : undefined;
  if (op !== 'Add' && op !== 'BiasAdd') return undefined;
  if (op === 'Add' && a && b && sameSizes(a, b, around)) return { ...a, terms: [...a.terms, ...b.terms], ...sums(a, b) };
  return withAdded(a, second, shape, around) ?? (op === 'Add' ? withAdded(b, first, shape, around) : undefined);
}

const isGradient = ({ op }: Convolution): boolean => op === FILTER_GRADIENT;

/** Whether it is still a sum: nothing has been cut off at zero. */
const isSum = ({ relu, masks }: Convolution): boolean => !relu && masks.length === 0;
const endsOpen = (convolution: Convolution): boolean => !isGradient(convolution) && isSum(convolution);

const sums = (a: Convolution, b: Convolution): Pick<Convolution, 'biases' | 'addends'> => ({
  biases: [...a.biases, ...b.biases],
  addends: [...a.addends, ...b.addends],
});

/** Whether two sums of convolutions can be one. */
function sameSizes(a: Convolution, b: Convolution, { shapeOf }: Around): boolean {
  const sizes = ({ op, terms: [pair = ['', '']] }: Convolution): string => JSON.stringify([op, ...pair.map(shapeOf)]);
  return sizes(a) === sizes(b) && isSum(a) && isSum(b) && a.biases.length + b.biases.length < 2;
}

function withAdded(
  convolution: Convolution | undefined,
  added: string,
  shape: readonly number[],
  { shapeOf, repeatedBy }: Around,
): Convolution | undefined {
  if (!convolution || !endsOpen(convolution)) return undefined;
  const own = shapeOf(added);
  const bias = own.length === 1 ? added : repeatedBy(added);
  if (bias !== undefined && own.at(-1) === shape.at(-1) && convolution.biases.length === 0) return { ...convolution, biases: [bias] };
  const same = own.length === shape.length && own.every((size, axis) => size === shape[axis]);
  return same ? { ...convolution, addends: [...convolution.addends, added] } : undefined;
}

const inputsOf = ({ terms, biases, addends, masks }: Convolution): string[] => [
  ...terms.map(([first]) => first),
  ...terms.map(([, second]) => second),
  ...biases,
  ...addends,
  ...masks,
];

function attrsOf(convolution: Convolution): GraphNode['attrs'] {
  const { terms, biases, addends, masks, relu } = convolution;
  const count = (list: readonly unknown[]): MessageWriter => new MessageWriter().int(3, list.length);
  if (isGradient(convolution)) return { terms: count(terms) };
  return {
    terms: count(terms),
    biases: count(biases),
    addends: count(addends),
    masks: count(masks),
    relu: new MessageWriter().int(5, relu ? 1 : 0),
  };
}
