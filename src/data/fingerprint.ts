import { createHash } from 'node:crypto';
import type { DataFingerprint } from '../protocol/runFile';
import type { DataSetName } from '../protocol/words';
import type { LabelledImages } from './dataSet';

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Tells which data a run used: two runs with the same fingerprint had the same images.
 * @param sums sha256 of each file's uncompressed content, in the reader's order
 */
export const fingerprint = (
  dataSet: DataSetName,
  sums: readonly string[],
  train: LabelledImages,
  test: LabelledImages,
): DataFingerprint => ({
  dataSet,
  sha256: sha256(sums.join('\n')),
  trainImages: train.labels.length,
  testImages: test.labels.length,
});
