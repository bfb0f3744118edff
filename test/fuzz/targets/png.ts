import fc from 'fast-check';
import { greyPng, png } from '../../data/support/images';
import { mutatedBytes } from '../inputs/bytes';
import { pngOfAnyHeader, withChecksums } from '../inputs/pngFile';
import { readImage } from '../inputs/readImage';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  runs: 6000,
  file: 'x.png',
  codes: ['data-invalid'],
  seeds: () => [png(9, 7, (x, y) => [20 * x, 30 * y, 5]), png(5, 5, (x, y) => [x, y, 0], 100), greyPng(8, 8, (x, y) => x * y)],
  mutated: (seeds) => {
    const changed = mutatedBytes(seeds, ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'gAMA', 'zTXt', '\0\0\0\0', '\x7f\xff\xff\xff']);
    return fc.oneof(changed, changed.map(withChecksums), pngOfAnyHeader);
  },
  read: (folder, input) => readImage(folder, 'x.png', input),
};
