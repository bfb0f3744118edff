import type { Tensor } from '@tensorflow/tfjs-core';
import { disposeNamed, type NamedTensors } from '../ops/namedTensors';
import { onFeatures, type HypergradientProblem } from './hypergradient';
import type { HypergradientSteps } from './hypergradientModes';
import type { InParts } from './inParts';

/**
 * L_c(Θ'_i(E); D), the objective of (9) and (10), without its gradient: K steps of (8), then one look at D. In mode
 * `last-layer` the temporary model trains its classifier alone, as it does while exemplars are learned.
 * @returns a scalar; the caller disposes it
 */
export function* temporaryModelLoss(steps: HypergradientSteps, problem: HypergradientProblem): InParts<Tensor> {
  if (!steps.throughFeatures) return yield* lossAfterInnerLoop(steps, problem);
  const lifted = onFeatures(steps.throughFeatures, problem);
  const loss = yield* lossAfterInnerLoop(steps, lifted.problem);
  lifted.dispose();
  return loss;
}

function* lossAfterInnerLoop({ inner, outer }: HypergradientSteps, problem: HypergradientProblem): InParts<Tensor> {
  const { model, exemplars, exemplarsOneHot, images, imagesOneHot, innerSteps, innerLearningRate } = problem;
  const { buffers } = model;
  let params: NamedTensors = model.params;
  for (let k = 0; k < innerSteps; k++) {
    const next = inner({ params, buffers, exemplars, oneHot: exemplarsOneHot, innerLearningRate });
    disposeNamed(next.slope);
    if (params !== model.params) disposeNamed(params);
    params = next.params;
    yield;
  }
  const { loss, v } = outer({ params, buffers, images, oneHot: imagesOneHot });
  if (params !== model.params) disposeNamed(params);
  disposeNamed(v);
  return loss;
}
