/**
 * Version of what the learning code computes, to the last bit: it grows with every change that gives the same experiment other bits. Part of
 * a run's engine, so that a run is not gone on with, or repeated, by other arithmetic without a word.
 *
 * 2: the sweep of the exact hypergradient takes the filters' gradients from the inner steps.
 * 3: the sweep's steps take 64 exemplars at a time where batch norm is frozen.
 * 4: batch norm by the batch's statistics on the native engine sums in double precision.
 */
export const LEARNING_CODE = '4';
