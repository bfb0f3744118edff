import { z } from 'zod';
import { count, countOrNone, field, rate } from './field';

/** Balanced fine-tuning on the exemplars. */
export const fineTuningFields = {
  fineTuneEpochs: field(countOrNone().default(20), {
    title: 'Fine-tuning epochs',
    description: 'Passes over the balanced exemplars of all classes seen, after the exemplars were learned.',
    unit: 'epochs',
    group: 'Fine-tuning',
    live: true,
    epochsOf: ['fine-tune'],
  }),
  fineTuneAlpha: field(rate().default(0.01), {
    title: 'Fine-tuning learning rate',
    description: 'Step size of balanced fine-tuning at its start.',
    group: 'Fine-tuning',
  }),
  fineTuneMilestones: field(z.array(count()).max(20).default([]), {
    title: 'Fine-tuning milestones',
    description: 'Epochs of fine-tuning after which its learning rate is divided by ten.',
    unit: 'epochs',
    group: 'Fine-tuning',
  }),
};
