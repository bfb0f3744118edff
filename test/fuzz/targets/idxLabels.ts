import { idxTarget } from '../inputs/idxFolder';

export const target = idxTarget('t10k-labels-idx1-ubyte', 3000);
