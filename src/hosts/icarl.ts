import { distilledLoss } from './distilledLoss';
import { defineHost } from './host';

/** iCaRL (Rebuffi et al., CVPR 2017), with (5) as its loss: classifies by the nearest mean of exemplars. */
export const icarl = defineHost({
  name: 'icarl',
  title: 'iCaRL',
  headline: 'nearestMean',
  head: 'linear',
  shares: ['lambda', 'temperature'],
  fields: {},
  scalars: ({ lambda, temperature }) => ({ lambda, temperature }),
  loss: distilledLoss,
});
