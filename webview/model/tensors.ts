import type { TensorEntry } from '../../src/protocol/webviewMessages';

export type TensorOrder = 'file' | 'name' | 'size';

export const elements = ({ shape }: TensorEntry): number => shape.reduce((product, size) => product * size, 1);

/** Tensors whose name holds the filter, in the chosen order. Names sort as people count: `layer2` before `layer10`. */
export function arrange(tensors: readonly TensorEntry[], filter: string, order: TensorOrder, descending: boolean): TensorEntry[] {
  const words = filter.toLowerCase().split(/\s+/);
  const kept = tensors.filter(({ name, dtype }) => words.every((word) => `${name} ${dtype}`.toLowerCase().includes(word)));
  const compare: Record<TensorOrder, (a: TensorEntry, b: TensorEntry) => number> = {
    file: () => 0,
    name: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }),
    size: (a, b) => a.bytes - b.bytes,
  };
  const sorted = kept.sort(compare[order]);
  return descending ? sorted.reverse() : sorted;
}

/** Sums over the tensors shown. */
export function totals(tensors: readonly TensorEntry[]): { tensors: number; parameters: number; bytes: number } {
  return {
    tensors: tensors.length,
    parameters: tensors.reduce((sum, t) => sum + elements(t), 0),
    bytes: tensors.reduce((sum, t) => sum + t.bytes, 0),
  };
}

/** `64 × 3 × 3 × 3`; a scalar's shape is said in words. */
export const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? 'scalar' : shape.join(' × '));
