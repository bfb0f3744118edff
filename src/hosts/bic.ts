import { z } from 'zod';
import { count, field, rate } from '../protocol/config/field';
import { distilledLoss } from './distilledLoss';
import { defineHost } from './host';

/**
 * BiC (Wu et al., CVPR 2019): (5) with the share of the new classes as λ (their eq. 4), then a linear correction of the new
 * classes' logits, fitted on balanced held-out images (their eq. 5 and 6). Corrections of earlier phases stay in force, in
 * distillation too: they are part of the model, old and new. The authors' code also pulls the shift to 0 and decays the
 * rate; here the fit is plain gradient descent with momentum on the whole held-out set.
 */
export const bic = defineHost({
  name: 'bic',
  title: 'BiC',
  headline: 'softmax',
  head: 'linear',
  shares: ['temperature'],
  fields: {
    bicHeldOut: field(z.number().positive().max(0.5).default(0.1), {
      title: 'Held-out share',
      description: "Share of each class's exemplars, and as many images of each new class, kept from training to fit the correction.",
      group: 'Host',
    }),
    bicFitSteps: field(count().default(500), {
      title: 'Correction steps',
      description: 'Steps in which scale and shift are fitted, each on all held-out images.',
      unit: 'steps',
      group: 'Host',
    }),
    bicFitAlpha: field(rate().default(0.02), {
      title: 'Correction learning rate',
      description: 'Step size with which scale and shift are fitted.',
      group: 'Host',
    }),
  },
  scalars: ({ temperature }, classes) => ({ lambda: classes.new / (classes.old + classes.new), temperature }),
  loss: distilledLoss,
  biasCorrection: ({ bicHeldOut, bicFitSteps, bicFitAlpha }) => ({ heldOut: bicHeldOut, steps: bicFitSteps, learningRate: bicFitAlpha }),
});
