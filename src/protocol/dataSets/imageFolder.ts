import type { ImagesDescription } from './description';

/** Own photographs: a folder for each class, below `train` and `val` (or `test`), or all below one folder. */
export const imageFolder: ImagesDescription = {
  kind: 'images',
  title: 'Own JPEG or PNG images, a folder for each class',
  published: 'a folder or archive with train/<class>/ and val/<class>/, or <class>/ alone',
  statistics: null,
};
