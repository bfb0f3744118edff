import type { Confusion } from '../learning/metrics';

/** What evaluate leaves for the phase's end: a confusion matrix of each classifier over all classes seen. */
export interface Evaluation {
  readonly softmax: Confusion;
  /** By the exemplars as they are now. */
  readonly nearestMean: Confusion;
  /** Nearest mean by earlier versions of the exemplars; null where none were learned. */
  readonly earlier: { readonly chosen: Confusion; readonly stored: Confusion } | null;
}
