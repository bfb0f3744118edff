import { z } from 'zod';
import { EXEMPLAR_METHODS, MEMORIES } from '../words';
import { field, LEARNED } from './field';

/** How many images of old classes are kept, and how they come about. */
export const memoryFields = {
  exemplarMethod: field(z.enum(EXEMPLAR_METHODS).default('mnemonics'), {
    title: 'Exemplar method',
    description: 'How the stored images of a class come about: chosen at random, chosen by herding, or learned.',
    group: 'Memory',
  }),
  memory: field(z.enum(MEMORIES).default('per-class'), {
    title: 'Memory',
    description:
      'per-class keeps a fixed number of images of each class; total shares a fixed number among all classes seen, so that each class keeps fewer as classes come.',
    group: 'Memory',
  }),
  exemplarsPerClass: field(z.int().min(2).max(10_000).default(20), {
    title: 'Exemplars per class',
    description: 'Images kept of each class, where memory is per-class.',
    unit: 'images',
    group: 'Memory',
    when: { memory: ['per-class'] },
  }),
  exemplarsTotal: field(z.int().min(2).max(10_000_000).default(2000), {
    title: 'Exemplars in total',
    description:
      'Images kept of all classes together, where memory is total. A class keeps the first of its images: the best ones by herding, and of learned ones those that began as the first.',
    unit: 'images',
    group: 'Memory',
    when: { memory: ['total'] },
  }),
  exemplarInit: field(z.enum(['random', 'herding']).default('random'), {
    title: 'Initial exemplars',
    description: 'Which images mnemonics starts from.',
    group: 'Memory',
    when: LEARNED,
  }),
};
