import { cifar10 } from './cifar10';
import { cifar100 } from './cifar100';
import type { DataSetDescription } from './description';
import { fashionMnist } from './fashionMnist';
import { idx } from './idx';
import { imageFolder } from './imageFolder';
import { imagenetSubset } from './imagenetSubset';
import { kmnist } from './kmnist';
import { mnist } from './mnist';

/** Every data set that an experiment can name: a new one is a file of its own and a line here. */
export const DATA_SET_DESCRIPTIONS = {
  mnist,
  'fashion-mnist': fashionMnist,
  kmnist,
  idx,
  cifar10,
  cifar100,
  'image-folder': imageFolder,
  'imagenet-subset': imagenetSubset,
} as const satisfies Record<string, DataSetDescription>;

export type DataSetName = keyof typeof DATA_SET_DESCRIPTIONS;
export const DATA_SETS = Object.keys(DATA_SET_DESCRIPTIONS) as [DataSetName, ...DataSetName[]];

/** What is known of a data set by its name. */
export const describeDataSet = (name: DataSetName): DataSetDescription => DATA_SET_DESCRIPTIONS[name];

/** Where the files of a set that comes with the program are; null for the others. */
export const builtInFiles = (description: DataSetDescription) => (description.kind === 'idx' ? (description.builtIn ?? null) : null);
