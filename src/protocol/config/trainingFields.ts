import { z } from 'zod';
import { hostsSharing } from '../../hosts/hosts';
import { count, field, rate } from './field';

/** (5) and (6): the training of a phase. */
export const trainingFields = {
  temperature: field(z.number().positive().max(100).default(2), {
    title: 'Distillation temperature',
    symbol: 'τ',
    equation: '5',
    description: "Softens the old model's probabilities in the distillation loss.",
    group: 'Training',
    live: true,
    hosts: hostsSharing('temperature'),
  }),
  alpha1: field(rate().default(0.1), {
    title: 'Learning rate',
    symbol: 'α1',
    equation: '6',
    description: "Step size of the model's training at the start of a phase.",
    group: 'Training',
    live: true,
  }),
  epochs: field(count().default(160), {
    title: 'Epochs',
    description: "Passes over a phase's data and the exemplars.",
    unit: 'epochs',
    group: 'Training',
    live: true,
    epochsOf: ['train', 'distil'],
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
  weightTransfer: field(z.boolean().default(false), {
    title: 'Weight transfer',
    description:
      'From phase 1 on each convolution kernel is frozen and a scale for each of its input and output channels and a shift are trained instead. Independent of how exemplars come about.',
    group: 'Training',
  }),
  augmentation: field(z.enum(['none', 'crop', 'crop-flip']).default('crop-flip'), {
    title: 'Augmentation',
    description: 'Random crop after 4 pixels of padding, with or without a random horizontal flip. Digits must not be flipped.',
    group: 'Training',
  }),
};
