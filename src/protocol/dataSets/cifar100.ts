import type { CifarDescription } from './description';

/** Small photographs of a hundred classes (Krizhevsky 2009): coarse label, then the fine label, which is the class. */
export const cifar100: CifarDescription = {
  kind: 'cifar',
  title: 'CIFAR-100, small photographs',
  published: 'cifar-100-binary.tar.gz, the binary version',
  classes: 100,
  labelBytes: 2,
  train: ['train.bin'],
  test: 'test.bin',
  names: 'fine_label_names.txt',
  archive: { name: 'cifar-100-binary.tar.gz', md5: '03b5dce01913d631647c71ecec9e9cb8' },
  python: 'cifar-100-python',
  statistics: { mean: [0.5071, 0.4866, 0.4409], std: [0.2009, 0.1984, 0.2023] },
};
