import { idxTarget } from '../inputs/idxFolder';

export const target = idxTarget('train-images-idx3-ubyte', 4000);
