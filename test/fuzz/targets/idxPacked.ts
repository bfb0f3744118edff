import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { idx } from '../../data/support/idx';
import { idxTarget } from '../inputs/idxFolder';
import { mutatedBytes } from '../inputs/bytes';
import type { FuzzTarget } from '../target';

const plain = idxTarget('train-images-idx3-ubyte', 3000, '.gz', gzipSync);
/** Less than a megabyte that unpacks to ninety. */
const bomb = (() => {
  let packed: Uint8Array | undefined;
  return () => (packed ??= gzipSync(idx(0x803, [90, 1000, 1000], 90_000_000), { level: 1 }));
})();

export const target: FuzzTarget = {
  ...plain,
  mutated: (seeds) =>
    fc.oneof(
      { weight: 40, arbitrary: plain.mutated(seeds) },
      { weight: 20, arbitrary: mutatedBytes([idx(0x803, [6, 4, 4], 96)]).map((bytes): Uint8Array => gzipSync(bytes)) },
      { weight: 2, arbitrary: fc.constant(null).map(() => bomb()) },
    ),
};
