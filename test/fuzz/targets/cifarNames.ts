import { readDataSet } from '../../../src/data/readDataSet';
import { cifar10Files } from '../../data/support/cifarFiles';
import { writeTree } from '../../data/support/images';
import { mutatedBytes } from '../inputs/bytes';
import { STRINGS } from '../inputs/pools';
import type { FuzzTarget } from '../target';

const NAMES = 'batches.meta.txt';

export const target: FuzzTarget = {
  runs: 1000,
  file: NAMES,
  codes: ['data-invalid'],
  seeds: () => [cifar10Files()[NAMES]!],
  mutated: (seeds) => mutatedBytes(seeds, [...STRINGS, '\n', '\r\n', '\n\n']),
  prepare: (folder) => void writeTree(folder, cifar10Files()),
  read: (folder) => readDataSet('cifar10', folder),
};
