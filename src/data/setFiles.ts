import type { CifarDescription, IdxDescription } from '../protocol/dataSets/description';

/** A file of a data set. Checksums are hexadecimal. */
export interface SetFile {
  /** As it is called in a data folder. */
  readonly name: string;
  /** What copies of it may be called, in order of preference. */
  readonly names: readonly string[];
  /** True where the set can be read without it. */
  readonly optional: boolean;
  /** sha256 of the original's content. */
  readonly sha256?: string | undefined;
  /** MD5 of the original as it is published, packed with gzip. */
  readonly gzMd5?: string | undefined;
}

const IDX_NAMES = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'] as const;

/** The files of a set that isn't a tree of images, in a fixed order; those that may be missing last. */
export function setFiles(description: IdxDescription | CifarDescription): SetFile[] {
  if (description.kind === 'cifar') {
    const needed = [...description.train, description.test].map((name) => ({ name, names: [name], optional: false }));
    return [...needed, { name: description.names, names: [description.names], optional: true }];
  }
  return IDX_NAMES.map((name, i) => ({
    name,
    // Some copies are called `train-images.idx3-ubyte`.
    names: [name, name.replace(/-idx/, '.idx')],
    optional: false,
    sha256: description.sha256?.[i],
    gzMd5: description.gzMd5?.[i],
  }));
}
