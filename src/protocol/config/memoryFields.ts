import { z } from 'zod';
import { EXEMPLAR_METHODS } from '../words';
import { field } from './field';

/** How many images of old classes are kept, and how they come about. */
export const memoryFields = {
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
};
