import { createHash } from 'node:crypto';
import type { DataFingerprint } from '../protocol/runFile';
import type { DataSetName } from '../protocol/words';
import type { DataSetFiles } from './dataSet';

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Tells which data a run used: two runs with the same fingerprint had the same images.
 * @param sums sha256 of each file's uncompressed content, in the reader's order. For a folder of images: sha256 over its files in the order of
 * classes and names, each with path, size and the sha256 of its first 4096 bytes (reading 15 GB at each start would be too much)
 */
export const fingerprint = (
  dataSet: DataSetName,
  sums: readonly string[],
  { train, test, mean, std }: Pick<DataSetFiles, 'train' | 'test' | 'mean' | 'std'>,
): DataFingerprint => ({
  dataSet,
  sha256: sha256(sums.join('\n')),
  trainImages: train.labels.length,
  testImages: test.labels.length,
  normalization: { mean: [...mean], std: [...std] },
});
