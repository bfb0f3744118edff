import type { Tensor } from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { HOST_MATH } from '../learning/hostMath';
import type { Classifier } from '../protocol/classifiers';

/**
 * What a host computes its loss with: the ops, and the field's losses made of them. Handed over, never imported: a host also
 * stands in bundles that show its hyperparameters and hold no tensor library.
 */
export type HostMath = typeof HOST_MATH;

/** Hyperparameters of (5) that hosts may share. A host that weighs its losses by itself leaves them alone. */
export type SharedField = 'lambda' | 'temperature';

/** A host's own config fields, named with the host's name in front, made with `field` of src/protocol/config/field.ts. */
export type HostFields = Readonly<Record<string, z.ZodType>>;

/** The values of the config that a host may read. */
export type HostValues<F extends HostFields> = Readonly<Record<SharedField, number>> & { readonly [K in keyof F]: z.output<F[K]> };

/** Classes of a phase: brought by earlier ones (0 in phase 0), and by this one. */
export interface ClassCounts {
  readonly old: number;
  readonly new: number;
}

/** What a model says of a batch. */
export interface Seen {
  /** [N, features] */
  readonly features: Tensor;
  /** [N, classes] */
  readonly logits: Tensor;
  /** [N, classes]: what the classifier gives before its scale; of a cosine classifier the cosines. */
  readonly scores: Tensor;
}

/** What a host's loss is computed from: one batch, seen by the model in training and by the model before this phase. */
export interface HostBatch<S extends string = string> extends Seen {
  /** [N, classes seen] */
  readonly oneHot: Tensor;
  /** The model before this phase, Θ_{i−1}, with its own classes; absent in phase 0. */
  readonly old?: Seen;
  /** The host's numbers as scalar tensors: inputs of the step, so that a change needs no new recording. */
  readonly scalars: Readonly<Record<S, Tensor>>;
}

/** How scale and shift of the new classes' logits are fitted at a phase's end. */
export interface BiasCorrection {
  /** Share of each old class's exemplars, and as many new images a class, that (6) and fine-tuning leave alone. */
  readonly heldOut: number;
  readonly steps: number;
  readonly learningRate: number;
}

/** A continual-learning method that trains the model of a phase. It knows neither files nor phases nor exemplar methods. */
export interface Host<N extends string = string, F extends HostFields = HostFields, S extends string = string> {
  readonly name: N;
  /** As its authors write it. */
  readonly title: string;
  /** Which classifier its authors report. */
  readonly headline: Classifier;
  /** `linear`: weights and bias. `cosine`: cosines of features and weights by a learned scale, features without a last activation. */
  readonly head: 'linear' | 'cosine';
  readonly shares: readonly SharedField[];
  readonly fields: F;
  /** The numbers in the loss, from the config and the phase's classes; a live change is in them at the next step. */
  scalars(values: HostValues<F>, classes: ClassCounts): Readonly<Record<S, number>>;
  /** L_all of (6): a scalar. */
  loss(math: HostMath): (batch: HostBatch<S>) => Tensor;
  /** Cosine heads: a new class's row begins as the mean of its normalised features, at the old rows' mean norm. */
  readonly imprints?: true;
  /** While a later phase trains by (6), the classifier's rows of old classes stay as they are. */
  readonly fixesOldClasses?: true;
  /** Present where the new classes' logits are corrected at the end of each later phase. */
  biasCorrection?(values: HostValues<F>): BiasCorrection;
}

/** Checks a host's parts against each other; its types are inferred. */
export const defineHost = <const N extends string, F extends HostFields, S extends string>(host: Host<N, F, S>): Host<N, F, S> => host;
