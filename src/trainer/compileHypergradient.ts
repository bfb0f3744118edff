import type { Engine } from '../engine/engine';
import { hypergradientSteps, type HypergradientOptions, type HypergradientSteps } from '../learning/hypergradientModes';
import type { NetworkShape } from '../learning/network';

/** The hypergradient's steps, compiled by an engine under names that say what they are. */
export function compileHypergradient(engine: Engine, shape: NetworkShape, options: HypergradientOptions): HypergradientSteps {
  const { inner, outer, adjoint, last, separable, throughFeatures } = hypergradientSteps(shape, options);
  // The one graph that TensorFlow computes differently in different processes, by some 1e-7, and with one thread for ops as well.
  // Op by op it takes longer and more memory, and a run repeats itself.
  const opByOp = options.innerBatchNorm === 'batch' && !throughFeatures;
  return {
    separable,
    inner: engine.compile('inner', inner),
    outer: engine.compile('outer', outer),
    adjoint: engine.compile(`adjoint, ${options.mode}`, adjoint, { opByOp }),
    last: engine.compile('last adjoint', last, { opByOp }),
    ...(throughFeatures && {
      throughFeatures: {
        features: engine.compile('features', throughFeatures.features),
        pullBack: engine.compile('pull-back', throughFeatures.pullBack),
      },
    }),
  };
}
