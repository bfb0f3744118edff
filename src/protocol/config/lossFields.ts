import { z } from 'zod';
import { hostsSharing } from '../../hosts/hosts';
import { field, LEARNED, rate } from './field';

/** What is turned most often: the weights and steps of (5), (9) and (10). */
export const lossFields = {
  lambda: field(z.number().min(0).max(1).default(0.5), {
    title: 'Classification weight',
    symbol: 'λ',
    equation: '5',
    description: 'Weight of the classification loss; 1 − λ weighs distillation. 1 means no distillation.',
    group: 'Loss and exemplars',
    live: true,
    hosts: hostsSharing('lambda'),
  }),
  beta1: field(rate().default(0.01), {
    title: 'Step for new exemplars',
    symbol: 'β1',
    equation: '9',
    description: "Step size with which the exemplars of this phase's classes are learned.",
    group: 'Loss and exemplars',
    live: true,
    when: LEARNED,
  }),
  beta2: field(rate().default(0.01), {
    title: 'Step for old exemplars',
    symbol: 'β2',
    equation: '10a, 10b',
    description: 'Step size with which the exemplars of earlier classes are adapted.',
    group: 'Loss and exemplars',
    live: true,
    when: LEARNED,
  }),
};
