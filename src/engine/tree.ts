import { Tensor } from '@tensorflow/tfjs-core';
import type { TensorTree } from './engine';

/** One tensor of a tree and where it sits, as in `batch/images`; the empty path is a bare tensor. */
export interface Leaf {
  readonly path: string;
  readonly tensor: Tensor;
}

/** The tensors of a tree, names sorted: the same content gives the same order, whoever built the object. */
export function leaves(tree: TensorTree, path = ''): Leaf[] {
  if (tree instanceof Tensor) return [{ path, tensor: tree }];
  return Object.keys(tree)
    .sort()
    .flatMap((name) => {
      const child = tree[name];
      return child === undefined ? [] : leaves(child, path === '' ? name : `${path}/${name}`);
    });
}

/** The same tree, names in the same order, with each tensor replaced. */
export function mapTree<T extends TensorTree>(tree: T, replace: (tensor: Tensor) => Tensor): T {
  const visit = (node: TensorTree): TensorTree => {
    if (node instanceof Tensor) return replace(node);
    const copy: Record<string, TensorTree> = {};
    for (const [name, child] of Object.entries(node)) copy[name] = visit(child);
    return copy;
  };
  return visit(tree) as T;
}

/** Structure, shapes and types of a tree in one string: equal strings can share a recording. */
export function signature(tree: TensorTree): string {
  return leaves(tree)
    .map(({ path, tensor }) => `${path}:${tensor.dtype}[${tensor.shape.join(',')}]`)
    .join(' ');
}
