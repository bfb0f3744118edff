import { z } from 'zod';
import { count, countOrNone, field, rate } from './field';

/** (8) to (10): how exemplars are learned. */
export const mnemonicsFields = {
  alpha2: field(rate().default(0.01), {
    title: 'Inner learning rate',
    symbol: 'α2',
    equation: '8',
    description: 'Step size of the temporary model that trains on the exemplars alone.',
    group: 'Mnemonics',
  }),
  innerSteps: field(z.int().min(0).max(1000).default(5), {
    title: 'Inner steps',
    symbol: 'K',
    equation: '8',
    description: 'Steps of the temporary model; the gradient of (9) goes back through all of them.',
    unit: 'steps',
    group: 'Mnemonics',
  }),
  mnemonicsEpochs: field(countOrNone().default(50), {
    title: 'Epochs, new exemplars',
    equation: '9',
    description: "Passes over the phase's data in which its exemplars are learned.",
    unit: 'epochs',
    group: 'Mnemonics',
  }),
  mnemonicsOldEpochs: field(countOrNone().default(50), {
    title: 'Epochs, old exemplars',
    equation: '10a, 10b',
    description: 'Updates of each half of the old exemplars.',
    unit: 'epochs',
    group: 'Mnemonics',
  }),
  mnemonicsBatchSize: field(z.int().min(2).max(4096).default(128), {
    title: 'Batch size, mnemonics',
    equation: '9',
    description: "Images of the phase's data in one update of the exemplars.",
    unit: 'images',
    group: 'Mnemonics',
  }),
  betaHalvingEpochs: field(count().default(10), {
    title: 'Epochs to halve β',
    equation: '9, 10a, 10b',
    description: 'β1 and β2 are halved every so many epochs.',
    unit: 'epochs',
    group: 'Mnemonics',
  }),
  exemplarOptimizer: field(z.enum(['adam', 'sgd', 'normalized-sgd']).default('adam'), {
    title: 'Exemplar optimiser',
    equation: '9, 10a, 10b',
    description:
      "What turns the gradient into a step. sgd is the paper's equation; with its β nothing visible moves, because losses are means.",
    group: 'Mnemonics',
  }),
};
