import type { CifarDescription } from './description';

/** Small photographs of ten classes (Krizhevsky 2009). */
export const cifar10: CifarDescription = {
  kind: 'cifar',
  title: 'CIFAR-10, small photographs',
  published: 'cifar-10-binary.tar.gz, the binary version',
  classes: 10,
  labelBytes: 1,
  train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  test: 'test_batch.bin',
  names: 'batches.meta.txt',
  archive: { name: 'cifar-10-binary.tar.gz', md5: 'c32a1d4ab5d03f1284b67883e8d87530' },
  python: 'cifar-10-batches-py',
  statistics: { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
};
