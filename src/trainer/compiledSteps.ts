import type { Tensor } from '@tensorflow/tfjs-core';
import type { Engine } from '../engine/engine';
import { HOSTS_BY_NAME } from '../hosts/hosts';
import { fitBiasStep } from '../learning/biasCorrection';
import { exemplarUpdate } from '../learning/exemplarOptimizers';
import { HOST_MATH } from '../learning/hostMath';
import { classificationLoss } from '../learning/losses';
import { forward, FROZEN, networkShape } from '../learning/network';
import { trainingStep } from '../learning/trainingStep';
import type { NamedTensors } from '../ops/namedTensors';
import type { Config } from '../protocol/config';
import { compileHypergradient } from './compileHypergradient';

/** Every step of a run, compiled by the engine. One list: what isn't here is not done on tensors. */
export type CompiledSteps = ReturnType<typeof compileSteps>;

type ForwardInputs = { readonly params: NamedTensors; readonly buffers: NamedTensors; readonly images: Tensor };

export function compileSteps(engine: Engine, config: Config, inputChannels: number) {
  const host = HOSTS_BY_NAME[config.host];
  const shape = networkShape(config.network, inputChannels, 'relu', host.head);
  const { momentum, weightDecay } = config;
  return {
    host,
    shape,
    /** (6) with the host's loss */
    train: engine.compile(
      'train',
      trainingStep(shape, host.loss(HOST_MATH), { momentum, weightDecay, fixesOldClasses: host.fixesOldClasses ?? false }),
    ),
    /** Balanced fine-tuning: L_c alone */
    fineTune: engine.compile(
      'fine-tune',
      trainingStep(shape, ({ logits, oneHot }) => classificationLoss(logits, oneHot), { momentum, weightDecay }),
    ),
    /** Features and logits of a batch, by running statistics */
    predict: engine.compile('predict', ({ params, buffers, images }: ForwardInputs) => {
      const { features, logits } = forward(shape, { params, buffers }, images, FROZEN);
      return { features, logits };
    }),
    /** Scale and shift of the new classes' logits, where the host corrects them */
    fitBias: engine.compile('fit-bias', fitBiasStep),
    /** (8) to (10) */
    hypergradient: compileHypergradient(engine, shape, { mode: config.hypergradientMode, innerBatchNorm: config.innerBatchNorm }),
    updateExemplars: engine.compile(`exemplars-${config.exemplarOptimizer}`, exemplarUpdate(config.exemplarOptimizer)),
    /** When a stage has ended */
    releaseUnused: () => engine.releaseUnused(),
  };
}
