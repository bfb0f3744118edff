import type { Engine } from '../engine/engine';
import type { LoadOptions } from '../engine/registry';
import { hypergradientSteps, type HypergradientOptions, type HypergradientSteps } from '../learning/hypergradientModes';
import type { NetworkShape } from '../learning/network';

/** The hypergradient's steps, compiled by an engine under names that say what they are. */
export function compileHypergradient(engine: Engine, shape: NetworkShape, options: HypergradientOptions): HypergradientSteps {
  const { inner, outer, adjoint, throughFeatures } = hypergradientSteps(shape, options);
  return {
    inner: engine.compile('inner', inner),
    outer: engine.compile('outer', outer),
    adjoint: engine.compile(`adjoint, ${options.mode}`, adjoint),
    ...(throughFeatures && {
      throughFeatures: {
        features: engine.compile('features', throughFeatures.features),
        pullBack: engine.compile('pull-back', throughFeatures.pullBack),
      },
    }),
  };
}

/** How an engine must be loaded for these steps to repeat themselves bit for bit. */
export const reproducibleLoad = ({ innerBatchNorm }: Pick<HypergradientOptions, 'innerBatchNorm'>): LoadOptions => ({
  oneOpAtATime: innerBatchNorm === 'batch',
});
