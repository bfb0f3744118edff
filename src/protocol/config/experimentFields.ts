import { z } from 'zod';
import { DATA_SETS, ENGINES, HOSTS, NETWORKS } from '../words';
import { count, field } from './field';

/** What is learned, in which order, by what. */
export const experimentFields = {
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
    description: 'mnist is built in; the others are read as they were imported (data import), or from dataPath.',
    group: 'Experiment',
  }),
  dataPath: field(z.string().min(1).optional(), {
    title: 'Data folder',
    description: "Folder with the data set's files; relative to the experiment file. Empty: as it was imported, or built in.",
    group: 'Experiment',
  }),
  imageSize: field(z.int().min(8).max(512).optional(), {
    title: 'Image size',
    description:
      "Side that a folder's images are brought to. Above 64 they are treated as ImageNet's are (random resized crop; resize and centre crop), up to 64 as CIFAR's. Empty: 224. Other data sets have a size of their own.",
    unit: 'pixels',
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
    replacedBy: 'phaseSizes',
  }),
  phaseSizes: field(z.array(count()).min(1).max(1001).optional(), {
    title: 'Classes of each phase',
    description:
      'Number of classes that each phase brings, such as 50, 10, 10; the first is phase 0. Replaces N. Classes beyond their sum are left out. Empty: half first, the rest evenly.',
    unit: 'classes',
    group: 'Experiment',
  }),
  network: field(z.enum(NETWORKS).default('resnet8'), {
    title: 'Network',
    description:
      'Residual network; the number counts its layers. resnet18 is for images of 64 pixels a side or more, the others for smaller ones.',
    group: 'Experiment',
  }),
  host: field(z.enum(HOSTS).default('icarl'), {
    title: 'Host',
    description: 'The continual-learning method that trains the model. It also says which classifier gives the headline figure.',
    group: 'Experiment',
  }),
  engine: field(z.enum(['auto', ...ENGINES]).default('auto'), {
    title: 'Engine',
    description: 'What executes the tensors. auto takes the fastest that loads: one on a GPU before one on the CPU.',
    group: 'Experiment',
  }),
  seed: field(z.int().min(0).max(0xffffffff).default(1), {
    title: 'Seed',
    description: 'Seed of weights, shuffles, augmentation and random choices. The same seed repeats a run bit for bit on the same engine.',
    group: 'Experiment',
  }),
  classOrderSeed: field(z.int().min(0).max(0xffffffff).default(1993), {
    title: 'Class order seed',
    description: "numpy's legacy shuffle with this seed orders the classes. 1993 is the literature's.",
    group: 'Experiment',
  }),
};
