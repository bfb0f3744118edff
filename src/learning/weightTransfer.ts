import type { Tensor } from '@tensorflow/tfjs-core';
import { named } from '../ops/namedTensors';
import * as ops from '../ops/ops';
import type { Model, PlainModel, PlainTensors } from './model';

/*
 * Weight transfer (Sun et al., CVPR 2019; in the released code of Liu et al., CVPR 2020): a kernel W is frozen, what trains is a scale for
 * each of its input and output channels and a shift, conv(x, W ⊙ scale) + shift. Whatever the host, whatever the exemplars.
 */

const SUFFIX = { kernel: '.weight', scale: '.transfer_scale', shift: '.transfer_shift' } as const;

/** A convolution's kernel [kernel, kernel, in, out] as it acts, and its shift [out], null without weight transfer. */
export function transferOf({ params, buffers }: Model, conv: string): { kernel: Tensor; shift: Tensor | null } {
  const trained = params[conv + SUFFIX.kernel];
  if (trained) return { kernel: trained, shift: null };
  const kernel = ops.mul(named(buffers, conv + SUFFIX.kernel), named(params, conv + SUFFIX.scale));
  return { kernel, shift: named(params, conv + SUFFIX.shift) };
}

/** Freezes every kernel that still trains, and gives it scale 1, [1, 1, in, out], and shift 0, [out]: the network stays the same function. */
export function frozenKernels({ params, buffers }: PlainModel): PlainModel {
  const trained: Record<string, PlainTensors[string]> = {};
  const frozen: Record<string, PlainTensors[string]> = { ...buffers };
  for (const [name, tensor] of Object.entries(params)) {
    const [, , inputs, outputs] = tensor.shape;
    if (tensor.shape.length !== 4 || !name.endsWith(SUFFIX.kernel) || inputs === undefined || outputs === undefined) {
      trained[name] = tensor;
      continue;
    }
    const conv = name.slice(0, -SUFFIX.kernel.length);
    frozen[name] = tensor;
    trained[conv + SUFFIX.scale] = { shape: [1, 1, inputs, outputs], data: new Float32Array(inputs * outputs).fill(1) };
    trained[conv + SUFFIX.shift] = { shape: [outputs], data: new Float32Array(outputs) };
  }
  return { params: trained, buffers: frozen };
}
