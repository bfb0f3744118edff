import { readDataSet } from '../../../src/data/readDataSet';
import { cifar100Files } from '../../data/support/cifarFiles';
import { writeTree } from '../../data/support/images';
import { mutatedBytes } from '../inputs/bytes';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  runs: 500,
  file: 'test.bin',
  codes: ['data-invalid'],
  seeds: () => [cifar100Files()['test.bin']!],
  mutated: (seeds) => mutatedBytes([...seeds, seeds[0]!.subarray(0, 3074 * 3)]),
  prepare: (folder) => void writeTree(folder, cifar100Files()),
  read: (folder) => readDataSet('cifar100', folder),
};
