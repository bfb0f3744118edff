import type { Tensor } from '@tensorflow/tfjs-core';
import { gradients } from '../ops/differentiate';
import type { NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';
import type { PlainTensors } from './model';
import { classificationLoss } from './losses';
import { sgdStep } from './sgd';

/** Buffers of a model whose host corrects logits: each class's o ← scale·o + shift, both [classes]; 1 and 0 until fitted. */
export const BIAS_CORRECTION = { scale: 'bias_correction.scale', shift: 'bias_correction.shift' } as const;

/** The correction for more classes: old ones stay, new ones change nothing. @param old the correction so far, or none yet */
export const growCorrection = (old: PlainTensors, classes: number): PlainTensors =>
  correction(old, Infinity, classes, { scale: 1, shift: 0 });

/** The correction with what was fitted for the classes from `first` on. */
export const correctNewClasses = (old: PlainTensors, first: number, classes: number, fitted: ScaleAndShift): PlainTensors =>
  correction(old, first, classes, fitted);

interface ScaleAndShift {
  readonly scale: number;
  readonly shift: number;
}

function correction(old: PlainTensors, kept: number, classes: number, others: ScaleAndShift): PlainTensors {
  const part = (name: string, other: number) => {
    const data = new Float32Array(classes).fill(other);
    data.set(old[name]?.data.subarray(0, kept) ?? []);
    return { shape: [classes], data };
  };
  return {
    [BIAS_CORRECTION.scale]: part(BIAS_CORRECTION.scale, others.scale),
    [BIAS_CORRECTION.shift]: part(BIAS_CORRECTION.shift, others.shift),
  };
}

/** Scale and shift of a phase's new classes, [1] each, their momentum, and what they are fitted on. */
export type FitInputs = {
  readonly params: { readonly scale: Tensor; readonly shift: Tensor };
  readonly momentum: NamedTensors;
  /** [n, classes seen], of held-out images; earlier corrections are in them, of the new classes none. */
  readonly logits: Tensor;
  /** [n, classes seen] */
  readonly oneHot: Tensor;
  /** [1, classes seen]: 1 at new classes, else 0 */
  readonly isNew: Tensor;
  /** A scalar */
  readonly learningRate: Tensor;
};

const MOMENTUM = 0.9;

/**
 * One step of gradient descent with momentum on L_c of the corrected logits of all held-out images (Wu et al., eq. 5 and 6): a convex
 * function of the two numbers.
 */
export function fitBiasStep({ params, momentum, logits, oneHot, isNew, learningRate }: FitInputs) {
  const { value: loss, gradients: gradient } = gradients(() => {
    const scale = ops.addScalar(ops.mul(isNew, ops.addScalar(params.scale, -1)), 1);
    return classificationLoss(ops.add(ops.mul(logits, scale), ops.mul(isNew, params.shift)), oneHot);
  }, params);
  return { ...sgdStep({ params, momentum }, gradient, learningRate, MOMENTUM, 0), loss };
}
