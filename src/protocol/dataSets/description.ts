/** What normalises pixels scaled to [0, 1], by channel: (pixel − mean) / std. */
export interface Statistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

interface Description {
  readonly title: string;
  /** What a person has to have, as it is published. */
  readonly published: string;
  /** Null where they are computed from the training images. */
  readonly statistics: Statistics | null;
}

/** Checksums of four IDX files, in the order training images, training labels, test images, test labels. */
type Four = readonly [string, string, string, string];

/** Four IDX files, as MNIST has them. */
export interface IdxDescription extends Description {
  readonly kind: 'idx';
  /** Side of an image in pixels; null for any size. */
  readonly size: number | null;
  /** By label; null where labels are just numbers, as many as the training data has. */
  readonly classNames: readonly string[] | null;
  /** sha256 of the originals' content. */
  readonly sha256?: Four;
  /** MD5 of the originals as they are published, packed with gzip. */
  readonly gzMd5?: Four;
  /** Where they come with the program: the folder in the bundle, and the package that brings them to a checkout. */
  readonly builtIn?: { readonly folder: string; readonly package: string };
}

/** Records of label bytes and three planes of 32 × 32 bytes, as CIFAR's binary versions have them. */
export interface CifarDescription extends Description {
  readonly kind: 'cifar';
  readonly statistics: Statistics;
  readonly classes: number;
  /** The last of them is the label. */
  readonly labelBytes: 1 | 2;
  readonly train: readonly string[];
  readonly test: string;
  /** The file with a class name on each line; it may be missing. */
  readonly names: string;
  readonly archive: { readonly name: string; readonly md5: string };
  /** What the other version is called that people import by mistake. */
  readonly python: string;
}

/** A tree of JPEG or PNG images with a folder for each class. */
export interface ImagesDescription extends Description {
  readonly kind: 'images';
  /** Takes so many of so many classes: the first ones of numpy's legacy shuffle of their sorted names with this seed. */
  readonly subset?: { readonly classes: number; readonly of: number; readonly seed: number };
}

/** A data set as it is known before its files are read: plain facts, so that the editor and web pages can know them too. */
export type DataSetDescription = IdxDescription | CifarDescription | ImagesDescription;
