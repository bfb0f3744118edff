import { countOrNone, field, rate } from './field';

/** Balanced fine-tuning on the exemplars. */
export const fineTuningFields = {
  fineTuneEpochs: field(countOrNone().default(20), {
    title: 'Fine-tuning epochs',
    description: 'Passes over the balanced exemplars of all classes seen, after the exemplars were learned.',
    unit: 'epochs',
    group: 'Fine-tuning',
  }),
  fineTuneAlpha: field(rate().default(0.01), {
    title: 'Fine-tuning learning rate',
    description: 'Step size of balanced fine-tuning.',
    group: 'Fine-tuning',
  }),
};
