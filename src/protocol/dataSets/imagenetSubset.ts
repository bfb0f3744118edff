import type { ImagesDescription } from './description';

/**
 * ImageNet-Subset: 100 of the 1000 classes of ImageNet (Deng et al. 2009; ILSVRC 2012), chosen by `numpy.random.seed(1993)` and
 * `numpy.random.choice(classes, 100, replace=False)` of the sorted folder names, as the literature's scripts do (Hou et al. 2019, Liu et al.
 * 2020); that choice is the beginning of numpy's legacy shuffle. Numbered by their sorted names.
 */
export const imagenetSubset: ImagesDescription = {
  kind: 'images',
  title: 'ImageNet-Subset, 100 classes of ImageNet',
  published: 'the folder of ImageNet (ILSVRC 2012) with train/<synset>/ and val/<synset>/',
  statistics: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  subset: { classes: 100, of: 1000, seed: 1993 },
};
