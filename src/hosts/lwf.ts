import { distilledLoss } from './distilledLoss';
import { defineHost } from './host';

/** Learning without Forgetting (Li and Hoiem, ECCV 2016) with rehearsal: (5), and its softmax classifies. */
export const lwf = defineHost({
  name: 'lwf',
  title: 'LwF',
  headline: 'softmax',
  head: 'linear',
  shares: ['lambda', 'temperature'],
  fields: {},
  scalars: ({ lambda, temperature }) => ({ lambda, temperature }),
  loss: distilledLoss,
});
