import fc from 'fast-check';
import { mutatedBytes } from './bytes';
import { NUMBERS, STRINGS } from './pools';

/** JSON with what no value of JavaScript can hold: the same name twice, numbers of any form, anything as text. */
type Tree = { fields: [name: string, value: Tree][] } | { items: Tree[] } | { text: string };

const treeOf = (value: unknown): Tree => {
  if (Array.isArray(value)) return { items: value.map(treeOf) };
  if (typeof value !== 'object' || value === null) return { text: JSON.stringify(value) ?? 'null' };
  return { fields: Object.entries(value).map(([name, inner]) => [JSON.stringify(name), treeOf(inner)]) };
};

const textOfTree = (tree: Tree): string => {
  if ('text' in tree) return tree.text;
  if ('items' in tree) return `[${tree.items.map(textOfTree).join(',')}]`;
  return `{${tree.fields.map(([name, value]) => `${name}:${textOfTree(value)}`).join(',')}}`;
};

const NAMES = STRINGS.map((name) => JSON.stringify(name));
const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

/** Anything that may stand where a value stood. */
const token: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 10, arbitrary: fc.constantFrom(...NAMES) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('null', 'true', 'false', '[]', '{}', '[[]]', '{"__proto__":{"polluted":1}}', '"\\ud800"', 'undefined', ''),
  },
  { weight: 4, arbitrary: fc.double().map((value) => String(value)) },
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.constantFrom(100, 2000, 20_000).map((depth) => nested('[', ']', depth)) },
  { weight: 1, arbitrary: fc.constantFrom(100, 20_000).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) },
  { weight: 1, arbitrary: fc.constantFrom(1000, 30_000).map((count) => `[${'[],'.repeat(count)}0]`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1000, 10_000).map((count) => `{${Array.from({ length: count }, (_, i) => `"a${i}":0`).join()}}`),
  },
);

/** An input is as large as it needs to be to hang or fill something, and no larger: many of them are to be tried. */
const MOST_CHARACTERS = 300_000;

type Edit = (parent: Tree, index: number, all: readonly Tree[]) => void;
const isFields = (tree: Tree): tree is Extract<Tree, { fields: unknown }> => 'fields' in tree;
const setChild = (parent: Tree, index: number, child: Tree): void => {
  if (isFields(parent)) parent.fields[index]![1] = child;
  else if ('items' in parent) parent.items[index] = child;
};
const children = (tree: Tree): Tree[] => (isFields(tree) ? tree.fields.map(([, value]) => value) : 'items' in tree ? tree.items : []);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: token.map(
      (text): Edit =>
        (parent, index) =>
          setChild(parent, index, { text }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constant<Edit>(
      (parent, index) => void (isFields(parent) ? parent.fields : 'items' in parent ? parent.items : []).splice(index, 1),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 2, 30, 2000).map((times): Edit => (parent, index) => {
      if (isFields(parent)) parent.fields.push(...new Array<[string, Tree]>(Math.min(3, times)).fill(parent.fields[index]!));
      else if ('items' in parent) {
        const text = textOfTree(parent.items[index]!);
        parent.items.push(...new Array<Tree>(Math.min(times, Math.ceil(MOST_CHARACTERS / (1 + text.length)))).fill({ text }));
      }
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constantFrom(...NAMES), text: token }).map(({ name, text }): Edit => (parent) => {
      if (isFields(parent)) parent.fields.push([name, { text }]);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...NAMES).map((name): Edit => (parent, index) => {
      if (isFields(parent)) parent.fields[index]![0] = name;
    }),
  },
  {
    weight: 2,
    arbitrary: fc.nat().map(
      (from): Edit =>
        (parent, index, all) =>
          setChild(parent, index, { text: textOfTree(all[from % all.length]!) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<[string, string]>(['[', ']'], ['{"a":', '}']).chain(([open, close]) =>
      fc.constantFrom(1, 60, 3000).map((depth): Edit => (parent, index) => {
        const child = children(parent)[index];
        if (child) setChild(parent, index, { text: open.repeat(depth) + textOfTree(child) + close.repeat(depth) });
      }),
    ),
  },
);

/** Every node that has children, with the place of each, and every node. */
function places(root: Tree): { slots: [parent: Tree, index: number][]; all: Tree[] } {
  const [slots, all]: [[Tree, number][], Tree[]] = [[], []];
  const walk = (tree: Tree) => {
    all.push(tree);
    children(tree).forEach((child, i) => {
      slots.push([tree, i]);
      walk(child);
    });
  };
  walk(root);
  return { slots, all };
}

/** Values as JSON text, with up to five changes of their structure: other values, names, depths, repetitions. */
export function mutatedJson(seeds: readonly unknown[]): fc.Arbitrary<string> {
  const change = fc.record({ where: fc.nat(), edit });
  return fc.record({ seed: fc.nat(seeds.length - 1), made: fc.array(change, { maxLength: 5 }) }).map(({ seed, made }) => {
    const root: Tree = { items: [treeOf(seeds[seed])] };
    for (const { where, edit: apply } of made) {
      const { slots, all } = places(root);
      const slot = slots[where % slots.length];
      if (slot) apply(...slot, all);
    }
    return root.items.map(textOfTree).join(' ').slice(0, MOST_CHARACTERS);
  });
}

/** JSON texts of which most are changed in their structure and some in their bytes. */
export function mutatedJsonText(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const values = seeds.map((seed): unknown => JSON.parse(Buffer.from(seed).toString('utf8')));
  return fc.oneof(
    { weight: 3, arbitrary: mutatedJson(values).map((text): Uint8Array => Buffer.from(text, 'utf8')) },
    { weight: 1, arbitrary: mutatedBytes(seeds, [...NUMBERS, ...NAMES, '{', '}', '[', ']', ',', ':', '//', '/*']) },
  );
}
