import { distilledLoss } from './distilledLoss';
import type { Host } from './host';

/** iCaRL (Rebuffi et al., CVPR 2017), with (5) as its loss: classifies by the nearest mean of exemplars. */
export const icarl: Host = { name: 'icarl', headline: 'nearestMean', loss: distilledLoss };
