import type { Tensor } from '@tensorflow/tfjs-core';
import { gradients, seedWith } from '../ops/differentiate';
import { mapNamed, named, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';

/** φ(θ): what a network computes with, by what is trained. */
export type Fold = (params: NamedTensors, buffers: NamedTensors) => NamedTensors;

const SLOPE = 'slope ';

/** J_φ(θ)ᵀ·c: what a cotangent c of φ is in what trains. */
export const pulledBack = (folded: () => NamedTensors, params: NamedTensors, cotangent: NamedTensors): NamedTensors =>
  gradients(() => seedWith(folded(), cotangent), params).gradients;

/** How s is put in terms of φ, so that only the network is differentiated twice, and not what is folded into its kernels. */
export interface Folding {
  /** φ(θ_k) */
  readonly folded: NamedTensors;
  /** J_φ·v, since ∇_θ L_c is J_φᵀ·slope and s therefore ⟨slope, J_φ·v⟩ */
  readonly direction: NamedTensors;
  /** ∂s/∂θ of ∂s/∂φ, the latter by way of the slope alone. */
  readonly inParams: (byFolded: NamedTensors) => NamedTensors;
}

interface FoldingInputs {
  readonly params: NamedTensors;
  readonly buffers: NamedTensors;
  readonly slope: NamedTensors;
  readonly v: NamedTensors;
}

/**
 * @param slope ∂L_c/∂φ, by the names of φ
 * @param v a direction of θ
 */
export function foldingOf(fold: Fold | null, { params, buffers, slope, v }: FoldingInputs): Folding {
  if (!fold) return { folded: params, direction: v, inParams: (byFolded) => byFolded };
  const folded = fold(params, buffers);
  const prefixed = Object.fromEntries(Object.entries(slope).map(([name, tensor]) => [SLOPE + name, tensor]));
  // ⟨J_φᵀ·slope, v⟩: linear in the slope, with J_φ·v for a slope of its own; by θ it is how s depends on J_φ.
  const pulled = () => gradients(() => dot(fold(params, buffers), slope), params).gradients;
  const { gradients: d } = gradients(() => seedWith(pulled(), v), { ...params, ...prefixed });
  return {
    folded,
    direction: mapNamed(slope, (_, name) => named(d, SLOPE + name)),
    inParams(byFolded) {
      const bySlope = pulledBack(
        () => fold(params, buffers),
        params,
        mapNamed(folded, (_, name) => named(byFolded, name)),
      );
      return mapNamed(params, (_, name) => ops.add(named(bySlope, name), named(d, name)));
    },
  };
}

const dot = (a: NamedTensors, b: NamedTensors): Tensor =>
  Object.entries(a)
    .map(([name, tensor]) => ops.sum(ops.mul(tensor, named(b, name))))
    .reduce((sum, term) => ops.add(sum, term));
