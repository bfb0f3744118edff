import type { Batch } from '../../batches';

export function disposeBatch({ images, oneHot }: Batch): void {
  images.dispose();
  oneHot.dispose();
}
