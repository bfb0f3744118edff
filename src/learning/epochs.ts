/** Fewer images than this make no batch of their own: batch norm's statistics of so few are noise that the weights don't recover from at once. */
const FEWEST = 8;

/** Training batches of an epoch over `count` images: full ones, and what is left, which joins the last of them where it is very small. */
export function batchesPerEpoch(count: number, batchSize: number): number {
  const full = Math.floor(count / batchSize);
  return count % batchSize >= FEWEST || full === 0 ? Math.ceil(count / batchSize) : full;
}

/** Batches of an epoch where each is full, the last one filled up. */
export const filledBatchesPerEpoch = (count: number, batchSize: number): number => Math.ceil(count / batchSize);
