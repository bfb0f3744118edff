import type { Tensor } from '@tensorflow/tfjs-core';
import type { HypergradientMode, InnerBatchNorm } from '../protocol/words';
import { gradients } from '../ops/differentiate';
import { named, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';
import {
  adjointStep,
  exemplarStep,
  firstOrderStep,
  innerStep,
  outerStep,
  type AdjointStep,
  type ExemplarStep,
  type Unrolled,
} from './mnemonicsSteps';
import { classify, foldFrozen, forward, forwardFolded, FROZEN, type BatchNormMode, type NetworkShape } from './network';

export interface HypergradientOptions {
  readonly mode: HypergradientMode;
  readonly innerBatchNorm: InnerBatchNorm;
}

export type FeaturesInputs = { readonly params: NamedTensors; readonly buffers: NamedTensors; readonly images: Tensor };
/** `cotangent` is ∂L/∂features, [m, features]. */
export type PullBackInputs = FeaturesInputs & { readonly cotangent: Tensor };

/** The pure steps of the hypergradient, for an engine to compile. */
export interface HypergradientSteps {
  readonly inner: ReturnType<typeof innerStep>;
  readonly outer: ReturnType<typeof outerStep>;
  readonly adjoint: AdjointStep;
  /** Whether no exemplar changes what the network makes of another, so that the sweep's steps can be done for some at a time. */
  readonly separable: boolean;
  /** In the place of the sweep's last adjoint step. */
  readonly last: ExemplarStep;
  /** In mode `last-layer`: what leads from images to the features that the other steps take for E and D, and back. */
  readonly throughFeatures?: {
    /** [n, H, W, C] → [n, features] */
    readonly features: (inputs: FeaturesInputs) => { readonly features: Tensor };
    /** ∂L/∂features → ∂L/∂images */
    readonly pullBack: (inputs: PullBackInputs) => { readonly gradient: Tensor };
  };
}

export function hypergradientSteps(shape: NetworkShape, { mode, innerBatchNorm }: HypergradientOptions): HypergradientSteps {
  const batchNorm: BatchNormMode = innerBatchNorm === 'frozen' ? FROZEN : { kind: 'batch', onStatistics: () => undefined };
  const network = ({ params, buffers, images }: FeaturesInputs) => forward(shape, { params, buffers }, images, batchNorm);
  const steps = (unrolled: Unrolled, adjoint: (unrolled: Unrolled) => AdjointStep) => ({
    inner: innerStep(unrolled),
    outer: outerStep(unrolled),
    adjoint: adjoint(unrolled),
    last: exemplarStep(unrolled),
    separable: mode !== 'last-layer' && innerBatchNorm === 'frozen',
  });
  if (mode !== 'last-layer') {
    const whole: Unrolled =
      innerBatchNorm === 'frozen'
        ? {
            fold: (params, buffers) => foldFrozen(shape, { params, buffers }),
            logits: (folded, buffers, images) => forwardFolded(shape, folded, buffers, images).logits,
          }
        : { fold: null, logits: (params, buffers, images) => network({ params, buffers, images }).logits };
    return steps(whole, mode === 'exact' ? adjointStep : firstOrderStep);
  }
  return {
    ...steps({ fold: null, logits: (params, buffers, features) => classify(shape, { params, buffers }, features).logits }, adjointStep),
    throughFeatures: {
      features: (inputs) => ({ features: network(inputs).features }),
      pullBack: ({ cotangent, ...inputs }) => {
        const { images } = inputs;
        const { gradients: g } = gradients(() => ops.sum(ops.mul(network(inputs).features, cotangent)), { images });
        return { gradient: named(g, 'images') };
      },
    },
  };
}
