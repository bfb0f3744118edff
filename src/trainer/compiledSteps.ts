import type { Tensor } from '@tensorflow/tfjs-core';
import type { Engine } from '../engine/engine';
import { EXEMPLAR_OPTIMIZERS } from '../learning/exemplarOptimizers';
import { HOSTS_BY_NAME } from '../learning/hosts/registry';
import type { HypergradientSteps } from '../learning/hypergradient';
import { classificationLoss } from '../learning/losses';
import { adjointStep, innerStep, outerStep } from '../learning/mnemonicsSteps';
import { forward, FROZEN, smallResNet } from '../learning/network';
import { trainingStep } from '../learning/trainingStep';
import type { NamedTensors } from '../ops/namedTensors';
import type { Config } from '../protocol/config';

/** Every step of a run, compiled by the engine. One list: what isn't here is not done on tensors. */
export type CompiledSteps = ReturnType<typeof compileSteps>;

type ForwardInputs = { readonly params: NamedTensors; readonly buffers: NamedTensors; readonly images: Tensor };

export function compileSteps(engine: Engine, config: Config, inputChannels: number) {
  const shape = smallResNet(config.network, inputChannels);
  const host = HOSTS_BY_NAME[config.host];
  const { momentum, weightDecay } = config;
  const hypergradient: HypergradientSteps = {
    inner: engine.compile('inner', innerStep(shape)),
    outer: engine.compile('outer', outerStep(shape)),
    adjoint: engine.compile('adjoint', adjointStep(shape)),
  };
  return {
    host,
    shape,
    /** (6) with the host's loss */
    train: engine.compile('train', trainingStep(shape, host.loss, momentum, weightDecay)),
    /** Balanced fine-tuning: L_c alone */
    fineTune: engine.compile(
      'fine-tune',
      trainingStep(shape, ({ logits, oneHot }) => classificationLoss(logits, oneHot), momentum, weightDecay),
    ),
    /** Features and logits of a batch, by running statistics */
    predict: engine.compile('predict', ({ params, buffers, images }: ForwardInputs) => ({
      ...forward(shape, { params, buffers }, images, FROZEN),
    })),
    hypergradient,
    updateExemplars: engine.compile(`exemplars-${config.exemplarOptimizer}`, EXEMPLAR_OPTIMIZERS[config.exemplarOptimizer]),
  };
}
