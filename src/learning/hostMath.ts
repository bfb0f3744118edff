import * as ops from '../ops/ops';
import { classificationLoss, cosineDistance, distillationLoss, marginRankingLoss } from './losses';

/** What hosts make their losses of. */
export const HOST_MATH = { ops, classificationLoss, distillationLoss, cosineDistance, marginRankingLoss };
