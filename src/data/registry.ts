import type { DataSetName } from '../protocol/words';
import { cifar100 } from './cifar';
import type { DataSetReader } from './dataSet';
import { mnist } from './mnist';

/** Every data set that a config can name: a new one is a file of its own and a line here. */
export const DATA_SET_READERS: { readonly [name in DataSetName]: DataSetReader } = {
  mnist,
  cifar100,
};
