import { concat, mul, slice, zerosLike, type Tensor } from '@tensorflow/tfjs-core';

/** Exemplars that a step of the sweep takes at a time: what it keeps of them is most of an outer step's memory. */
const MOST = 64;

/** Some exemplars on their way through the sweep. */
export interface ExemplarPart {
  readonly exemplars: Tensor;
  readonly oneHot: Tensor;
  /** α2 times the part's share of all exemplars: the loss is their mean. */
  readonly innerLearningRate: Tensor;
  /** What the steps so far have given to these exemplars' gradient. */
  gradient: Tensor;
}

/**
 * The exemplars in parts of one size, or of two that differ by one; the caller disposes what each holds.
 * @param separable false keeps them together
 */
export function exemplarParts(
  { exemplars, exemplarsOneHot, innerLearningRate }: Record<'exemplars' | 'exemplarsOneHot' | 'innerLearningRate', Tensor>,
  separable: boolean,
): ExemplarPart[] {
  const [count = 0] = exemplars.shape;
  const parts = separable ? Math.ceil(count / MOST) : 1;
  return Array.from({ length: parts }, (_, i) => {
    const [from, to] = [i, i + 1].map((j) => Math.round((j * count) / parts)) as [number, number];
    const rows = (tensor: Tensor): Tensor =>
      slice(tensor, [from, ...tensor.shape.slice(1).map(() => 0)], [to - from, ...tensor.shape.slice(1)]);
    const part = rows(exemplars);
    return {
      exemplars: part,
      oneHot: rows(exemplarsOneHot),
      innerLearningRate: mul(innerLearningRate, (to - from) / count),
      gradient: zerosLike(part),
    };
  });
}

/** The gradient of all exemplars, and an end to the parts. */
export function joinedGradient(parts: readonly ExemplarPart[]): Tensor {
  const gradient = concat(
    parts.map((part) => part.gradient),
    0,
  );
  for (const part of parts) for (const tensor of Object.values(part) as Tensor[]) tensor.dispose();
  return gradient;
}
