import { distilledLoss } from './distilledLoss';
import type { Host } from './host';

/** Learning without Forgetting (Li and Hoiem, ECCV 2016) with rehearsal: (5), and its softmax classifies. */
export const lwf: Host = { name: 'lwf', headline: 'softmax', loss: distilledLoss };
