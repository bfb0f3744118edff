import type { IdxDescription } from './description';

/** Pictures of clothes in MNIST's form (Xiao, Rasul, Vollgraf 2017). */
export const fashionMnist: IdxDescription = {
  kind: 'idx',
  title: 'Fashion-MNIST, clothes',
  published: 'train-images-idx3-ubyte.gz and the three other files of Fashion-MNIST',
  size: 28,
  classNames: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  statistics: { mean: [0.286], std: [0.353] },
  gzMd5: [
    '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
    '25c81989df183df01b3e8a0aad5dffbe',
    'bef4ecab320f06d8554ea6380940ec79',
    'bb300cfdad3c16e7a12a480ee83cd310',
  ],
};
