import { z } from 'zod';
import { HYPERGRADIENT_MODES, INNER_BATCH_NORMS, INNER_STARTS } from '../words';
import { count, countOrNone, field, LEARNED, rate } from './field';

/** (8) to (10): how exemplars are learned. */
export const mnemonicsFields = {
  alpha2: field(rate().default(0.01), {
    title: 'Inner learning rate',
    symbol: 'α2',
    equation: '8',
    description: 'Step size of the temporary model that trains on the exemplars alone.',
    group: 'Mnemonics',
    live: true,
    when: LEARNED,
  }),
  innerSteps: field(z.int().min(0).max(1000).default(5), {
    title: 'Inner steps',
    symbol: 'K',
    equation: '8',
    description: 'Steps of the temporary model; the gradient of (9) goes back through all of them.',
    unit: 'steps',
    group: 'Mnemonics',
    when: LEARNED,
  }),
  innerBatchNorm: field(z.enum(INNER_BATCH_NORMS).default('frozen'), {
    title: 'Inner batch norm',
    equation: '8, 9, 10a, 10b',
    description:
      "Statistics that the temporary model's batch norm uses: frozen takes the model's running ones, batch each batch's own. Its scale and shift train in both.",
    group: 'Mnemonics',
    when: LEARNED,
  }),
  innerStart: field(z.enum(INNER_STARTS).default('model'), {
    title: 'Start of the temporary model',
    symbol: 'Θ′₀',
    equation: '8',
    description:
      "model starts from the phase's trained model, as the paper does; its gradient on its own data is almost zero. trajectory starts each update from a random one of up to eight models that training passed through; phase-start from the one it began with.",
    group: 'Mnemonics',
    when: LEARNED,
  }),
  innerReplay: field(z.enum(['none', 'others']).default('none'), {
    title: 'Other exemplars in the inner loop',
    equation: '8',
    description:
      'others lets the temporary model train on as many exemplars of other classes, drawn anew for each update and not changed by it, as the next phase will. none trains it on the exemplars that are learned alone, as the paper does.',
    group: 'Mnemonics',
    when: LEARNED,
  }),
  mnemonicsAugmentation: field(z.enum(['none', 'as-training']).default('none'), {
    title: 'Augmentation, mnemonics',
    equation: '8, 9',
    description:
      'as-training shows exemplars to the temporary model, and data to the loss of (9), cropped and flipped as in training; the gradient is that of the exemplars as they are stored. none shows them as they are.',
    group: 'Mnemonics',
    when: LEARNED,
  }),
  hypergradientMode: field(z.enum(HYPERGRADIENT_MODES).default('exact'), {
    title: 'Gradient of exemplars',
    equation: '9, 10a, 10b',
    description:
      'exact goes through every inner step of every weight. Cheaper and not the paper: last-layer trains only the classifier in the inner loop; first-order leaves out curvature and equals exact for K = 1.',
    group: 'Mnemonics',
    when: LEARNED,
  }),
  mnemonicsEpochs: field(countOrNone().default(50), {
    title: 'Epochs, new exemplars',
    equation: '9',
    description: "Passes over the phase's data in which its exemplars are learned.",
    unit: 'epochs',
    group: 'Mnemonics',
    live: true,
    epochsOf: ['mnemonics-new'],
    when: LEARNED,
  }),
  mnemonicsOldEpochs: field(countOrNone().default(50), {
    title: 'Epochs, old exemplars',
    equation: '10a, 10b',
    description: 'Updates of each half of the old exemplars.',
    unit: 'epochs',
    group: 'Mnemonics',
    live: true,
    epochsOf: ['mnemonics-old'],
    when: LEARNED,
  }),
  mnemonicsBatchSize: field(z.int().min(2).max(4096).default(128), {
    title: 'Batch size, mnemonics',
    equation: '9',
    description: "Images of the phase's data in one update of the exemplars.",
    unit: 'images',
    group: 'Mnemonics',
    when: LEARNED,
  }),
  mnemonicsClassesPerStep: field(countOrNone().default(0), {
    title: 'Classes per update',
    equation: '9, 10a, 10b',
    description:
      'Classes whose exemplars one update unrolls and changes, drawn anew in rounds that go over all; 0 means all of them. Bounds the memory and time of an update where a phase has many classes: block-coordinate descent.',
    unit: 'classes',
    group: 'Mnemonics',
    when: LEARNED,
  }),
  betaHalvingEpochs: field(count().default(10), {
    title: 'Epochs to halve β',
    equation: '9, 10a, 10b',
    description: 'β1 and β2 are halved every so many epochs.',
    unit: 'epochs',
    group: 'Mnemonics',
    when: LEARNED,
  }),
  exemplarOptimizer: field(z.enum(['adam', 'sgd', 'normalized-sgd']).default('adam'), {
    title: 'Exemplar optimiser',
    equation: '9, 10a, 10b',
    description:
      "What turns the gradient into a step. sgd is the paper's equation; with its β nothing visible moves, because losses are means.",
    group: 'Mnemonics',
    when: LEARNED,
  }),
  exemplarRange: field(z.enum(['none', 'data-range']).default('none'), {
    title: 'Range of exemplars',
    equation: '9, 10a, 10b',
    description:
      'data-range puts pixels that an update has driven out of the range of real images, black to white in each channel, back on its end. none leaves them where they are, as the paper does.',
    group: 'Mnemonics',
    when: LEARNED,
  }),
};
