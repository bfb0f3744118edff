import type { Tensor } from '@tensorflow/tfjs-core';
import { disposeNamed, type NamedTensors } from '../ops/namedTensors';
import type { HypergradientProblem } from './hypergradient';
import type { HypergradientSteps } from './hypergradientModes';

/**
 * L_c(Θ'_i(E); D), the objective of (9) and (10), without its gradient: K steps of (8), then one look at D. In mode
 * `last-layer` the temporary model trains its classifier alone, as it does while exemplars are learned.
 * @returns a scalar; the caller disposes it
 */
export function temporaryModelLoss(steps: HypergradientSteps, problem: HypergradientProblem): Tensor {
  const { throughFeatures } = steps;
  if (!throughFeatures) return lossAfterInnerLoop(steps, problem);
  const { params, buffers } = problem.model;
  const exemplars = throughFeatures.features({ params, buffers, images: problem.exemplars });
  const images = throughFeatures.features({ params, buffers, images: problem.images });
  const classifier = Object.fromEntries(Object.entries(params).filter(([name]) => name.startsWith('fc.')));
  const loss = lossAfterInnerLoop(steps, {
    ...problem,
    model: { params: classifier, buffers },
    exemplars: exemplars.features,
    images: images.features,
  });
  for (const tensors of [exemplars, images]) disposeNamed(tensors);
  return loss;
}

function lossAfterInnerLoop({ inner, outer }: HypergradientSteps, problem: HypergradientProblem): Tensor {
  const { model, exemplars, exemplarsOneHot, images, imagesOneHot, innerSteps, innerLearningRate } = problem;
  const { buffers } = model;
  let params: NamedTensors = model.params;
  for (let k = 0; k < innerSteps; k++) {
    const next = inner({ params, buffers, exemplars, oneHot: exemplarsOneHot, innerLearningRate }).params;
    if (params !== model.params) disposeNamed(params);
    params = next;
  }
  const { loss, v } = outer({ params, buffers, images, oneHot: imagesOneHot });
  if (params !== model.params) disposeNamed(params);
  disposeNamed(v);
  return loss;
}
