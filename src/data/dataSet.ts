import type { DataFingerprint } from '../protocol/runFile';
import type { DataSetName } from '../protocol/words';

/** Images and what they show. */
export interface LabelledImages {
  /** [n, H, W, C] row-major, 0 … 255. */
  readonly images: Uint8Array;
  /** Original label of each image, 0 … classes − 1. */
  readonly labels: Uint8Array;
}

/** A data set in memory, as a run uses it. */
export interface DataSet {
  readonly name: DataSetName;
  /** By original label. */
  readonly classNames: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Per channel, of pixels scaled to [0, 1]; with `std`, what normalises them. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  readonly fingerprint: DataFingerprint;
}

/** A data set as its files hold it, before a config takes a part of it. */
export interface DataSetFiles extends Omit<DataSet, 'fingerprint'> {
  /** sha256 of each file's uncompressed content, hexadecimal, in the reader's fixed order. */
  readonly sums: readonly string[];
}

/** What the registry knows of a data set. */
export interface DataSetReader {
  readonly title: string;
  readonly classes: number;
  /** Files that `dataPath` must hold, as people know them. */
  readonly files: readonly string[];
  /** True where it can be read without a `dataPath`. */
  readonly builtIn: boolean;
  /**
   * Reads and checks the files.
   * @param folder absolute path; null for the built-in files
   * @throws LabError `data-invalid` naming the file, what was expected and what was found.
   */
  read(folder: string | null): Promise<DataSetFiles>;
}
