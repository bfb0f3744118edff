import { z } from 'zod';
import { SCHEMA_VERSION } from './schemaVersion';
import { DATA_SETS, ENGINES, EXEMPLAR_METHODS, HOSTS, NETWORKS } from './words';

/** What the side panel and the file's hover show of a field, beside its title and description. Kept in the JSON Schema. */
export interface FieldMeta {
  title: string;
  description: string;
  /** The paper's symbol, such as λ. */
  symbol?: string;
  /** Equations of the paper in which the field stands. */
  equation?: string;
  unit?: string;
  group: FieldGroup;
  /** True where a running run accepts a new value at its next step. */
  live?: boolean;
}

/** Groups of the side panel, in its order. */
export const FIELD_GROUPS = ['Loss and exemplars', 'Experiment', 'Memory', 'Training', 'Mnemonics', 'Fine-tuning'] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];

const field = <T extends z.ZodType>(schema: T, meta: FieldMeta): T => schema.meta({ ...meta });
const rate = () => z.number().positive().max(10_000);
const count = () => z.int().min(1).max(100_000);
const countOrNone = () => z.int().min(0).max(100_000);

/**
 * One experiment, as written in a `*.mnemonics.json` file. Every field has a default; the resolved config, defaults filled
 * in, is written to the run. The order of fields is the order of the side panel. Defaults are the paper's,
 * but for the exemplar optimiser; symbols and equations are those of Liu et al., CVPR 2020.
 */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schemaVersion: z.literal(SCHEMA_VERSION).default(SCHEMA_VERSION),

    lambda: field(z.number().min(0).max(1).default(0.5), {
      title: 'Classification weight',
      symbol: 'λ',
      equation: '5',
      description: 'Weight of the classification loss; 1 − λ weighs distillation. 1 means no distillation.',
      group: 'Loss and exemplars',
      live: true,
    }),
    beta1: field(rate().default(0.01), {
      title: 'Step for new exemplars',
      symbol: 'β1',
      equation: '9',
      description: "Step size with which the exemplars of this phase's classes are learned.",
      group: 'Loss and exemplars',
    }),
    beta2: field(rate().default(0.01), {
      title: 'Step for old exemplars',
      symbol: 'β2',
      equation: '10a, 10b',
      description: 'Step size with which the exemplars of earlier classes are adapted.',
      group: 'Loss and exemplars',
    }),

    name: field(
      z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$/, 'must be 1 to 60 letters, digits, spaces, dots, dashes or underscores')
        .default('experiment'),
      {
        title: 'Name',
        description: 'Name of the experiment; the run folder is named after it.',
        group: 'Experiment',
      },
    ),
    dataSet: field(z.enum(DATA_SETS).default('mnist'), {
      title: 'Data set',
      description: 'mnist is built in; cifar100 is read from dataPath.',
      group: 'Experiment',
    }),
    dataPath: field(z.string().min(1).optional(), {
      title: 'Data folder',
      description: "Folder with the data set's files; relative to the experiment file. Needed for data sets that are not built in.",
      group: 'Experiment',
    }),
    trainPerClass: field(count().optional(), {
      title: 'Training images per class',
      description: 'Uses only the first so many training images of each class. Empty: all.',
      unit: 'images',
      group: 'Experiment',
    }),
    testPerClass: field(count().optional(), {
      title: 'Test images per class',
      description: 'Uses only the first so many test images of each class. Empty: all.',
      unit: 'images',
      group: 'Experiment',
    }),
    phases: field(z.int().min(1).max(1000).default(5), {
      title: 'Incremental phases',
      symbol: 'N',
      description:
        'Number of phases after phase 0. Phase 0 learns half of the classes; the others come evenly, so N must divide their number.',
      unit: 'phases',
      group: 'Experiment',
    }),
    network: field(z.enum(NETWORKS).default('resnet8'), {
      title: 'Network',
      description: 'Residual network for small images; the number counts its layers.',
      group: 'Experiment',
    }),
    host: field(z.enum(HOSTS).default('icarl'), {
      title: 'Host',
      description: 'The continual-learning method that trains the model. It also says which classifier gives the headline figure.',
      group: 'Experiment',
    }),
    engine: field(z.enum(['auto', ...ENGINES]).default('auto'), {
      title: 'Engine',
      description: 'What executes the tensors. auto takes the fastest that loads.',
      group: 'Experiment',
    }),
    seed: field(z.int().min(0).max(0xffffffff).default(1), {
      title: 'Seed',
      description:
        'Seed of weights, shuffles, augmentation and random choices. The same seed repeats a run bit for bit on the same engine.',
      group: 'Experiment',
    }),
    classOrderSeed: field(z.int().min(0).max(0xffffffff).default(1993), {
      title: 'Class order seed',
      description: "numpy's legacy shuffle with this seed orders the classes. 1993 is the literature's.",
      group: 'Experiment',
    }),

    exemplarMethod: field(z.enum(EXEMPLAR_METHODS).default('mnemonics'), {
      title: 'Exemplar method',
      description: 'How the stored images of a class come about: chosen at random, chosen by herding, or learned.',
      group: 'Memory',
    }),
    exemplarsPerClass: field(z.int().min(2).max(10_000).default(20), {
      title: 'Exemplars per class',
      description: 'Images kept of each class.',
      unit: 'images',
      group: 'Memory',
    }),
    exemplarInit: field(z.enum(['random', 'herding']).default('random'), {
      title: 'Initial exemplars',
      description: 'Which images mnemonics starts from.',
      group: 'Memory',
    }),

    temperature: field(z.number().positive().max(100).default(2), {
      title: 'Distillation temperature',
      symbol: 'τ',
      equation: '5',
      description: "Softens the old model's probabilities in the distillation loss.",
      group: 'Training',
    }),
    alpha1: field(rate().default(0.1), {
      title: 'Learning rate',
      symbol: 'α1',
      equation: '6',
      description: "Step size of the model's training at the start of a phase.",
      group: 'Training',
    }),
    epochs: field(count().default(160), {
      title: 'Epochs',
      description: "Passes over a phase's data and the exemplars.",
      unit: 'epochs',
      group: 'Training',
    }),
    alpha1Milestones: field(z.array(count()).max(20).default([80, 120]), {
      title: 'Learning rate milestones',
      description: 'Epochs after which the learning rate is divided by ten.',
      unit: 'epochs',
      group: 'Training',
    }),
    batchSize: field(z.int().min(2).max(4096).default(128), {
      title: 'Batch size',
      description: 'Images in a training step.',
      unit: 'images',
      group: 'Training',
    }),
    momentum: field(z.number().min(0).lt(1).default(0.9), {
      title: 'Momentum',
      description: 'Momentum of the stochastic gradient descent of (6).',
      equation: '6',
      group: 'Training',
    }),
    weightDecay: field(z.number().min(0).max(1).default(5e-4), {
      title: 'Weight decay',
      description: 'Weight of the squared norm of the weights, as PyTorch defines it (added to the gradient).',
      equation: '6',
      group: 'Training',
    }),
    augmentation: field(z.enum(['none', 'crop', 'crop-flip']).default('crop-flip'), {
      title: 'Augmentation',
      description: 'Random crop after 4 pixels of padding, with or without a random horizontal flip. Digits must not be flipped.',
      group: 'Training',
    }),

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
  })
  .meta({ title: 'Mnemonics experiment', description: 'A continual-learning experiment for Mnemonics Lab.' });

/** What a person writes: every field optional. */
export type ConfigInput = z.input<typeof configSchema>;
/** The resolved config: defaults filled in. */
export type Config = z.output<typeof configSchema>;
export type ConfigField = keyof Config;

/** Fields that a running run accepts at its next step boundary (seam of the later live changes: λ only for now). */
export const LIVE_FIELDS = ['lambda'] as const satisfies readonly ConfigField[];
export type LiveField = (typeof LIVE_FIELDS)[number];
