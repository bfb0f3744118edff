import type { DataSetDescription, Statistics } from '../protocol/dataSets/description';
import type { DataFingerprint } from '../protocol/runFile';
import type { DataSetName } from '../protocol/words';
import type { AugmentationPractice } from './augmentation';
import type { ImageRecords } from './imageRecords';
import type { ImageFiles } from './images/imageFiles';

/** Images of a part: bytes in memory, [n, H, W, C] row-major, 0 … 255; or read from records, or decoded from files, when they are asked for. */
export type Images = Uint8Array | ImageRecords | ImageFiles;

/** Images and what they show. */
export interface LabelledImages {
  readonly images: Images;
  /** Original label of each image, 0 … classes − 1. */
  readonly labels: Uint16Array;
}

/** A data set as a run uses it. */
export interface DataSet extends Statistics {
  readonly name: DataSetName;
  /** By original label. */
  readonly classNames: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** How the field augments images of this size. */
  readonly practice: AugmentationPractice;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  readonly fingerprint: DataFingerprint;
}

/** A data set as its files hold it, before a config takes a part of it. */
export interface DataSetFiles extends Omit<DataSet, 'fingerprint' | 'name'> {
  /** sha256 of each file's uncompressed content, hexadecimal, in the reader's fixed order; of a folder of images, of its listing. */
  readonly sums: readonly string[];
}

/** What a config says about reading. */
export interface ReadOptions {
  /** Side of the square that images of a folder are brought to, in pixels. */
  readonly imageSize?: number | undefined;
}

/**
 * Reads and checks the files of the data sets of one kind.
 * @param folder absolute path
 * @throws LabError `data-invalid` naming the file, what was expected and what was found.
 */
export type DataSetReader<D extends DataSetDescription> = (folder: string, description: D, options: ReadOptions) => Promise<DataSetFiles>;
