import type { IdxDescription } from './description';

/** Any grey images in MNIST's form: own digits, another alphabet. */
export const idx: IdxDescription = {
  kind: 'idx',
  title: 'Own grey images as IDX files, any size',
  published: 'four files called as those of MNIST are',
  size: null,
  classNames: null,
  statistics: null,
};
