import type { IdxDescription } from './description';

/** Cursive Japanese characters in MNIST's form (Clanuwat et al. 2018). */
export const kmnist: IdxDescription = {
  kind: 'idx',
  title: 'KMNIST, cursive Japanese characters',
  published: 'train-images-idx3-ubyte.gz and the three other files of Kuzushiji-MNIST',
  size: 28,
  classNames: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
  statistics: null,
  gzMd5: [
    'bdb82020997e1d708af4cf47b453dcf7',
    'e144d726b3acfaa3e44228e80efcd344',
    '5c965bf0a639b31b8f53240b1b52f4d7',
    '7320c461ea6c1c855c0b718fb2a4b134',
  ],
};
