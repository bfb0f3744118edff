import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { jpeg, withOrientation, withSegment } from '../../data/support/images';
import { mutatedBytes } from '../inputs/bytes';
import { readImage } from '../inputs/readImage';
import type { FuzzTarget } from '../target';

const FIXTURES = join(__dirname, '..', '..', 'data', 'images', 'fixtures');
const small = () => jpeg(17, 9, (x, y) => [9 * x, 20 * y, 99], 60);

/** The same image, said to be of another size or of other components and sampling. */
const otherFrame = (image: Buffer): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      height: fc.nat(65_535),
      width: fc.nat(65_535),
      components: fc.constantFrom(1, 2, 3, 4, 255),
      sampling: fc.constantFrom(0, 0x11, 0x22, 0x44, 0xff, 0x14),
    })
    .map(({ height, width, components, sampling }) => {
      const copy = Buffer.from(image);
      const frame = copy.indexOf(Buffer.from([0xff, 0xc0]));
      copy.writeUInt16BE(height, frame + 5);
      copy.writeUInt16BE(width, frame + 7);
      copy[frame + 9] = components;
      copy[frame + 11] = sampling;
      return copy;
    });

export const target: FuzzTarget = {
  runs: 4000,
  file: 'x.jpg',
  codes: ['data-invalid'],
  seeds: () => [
    small(),
    withOrientation(small(), 6),
    withSegment(small(), 0xee, Buffer.from('Adobe\0d\0\0\0\0\x01')),
    ...['progressive.jpg', 'grey.jpg', 'cmyk.jpg'].map((name) => readFileSync(join(FIXTURES, name))),
  ],
  mutated: (seeds) => {
    const tokens = [
      '\xff\xd8',
      '\xff\xd9',
      '\xff\xda',
      '\xff\xc0',
      '\xff\xc2',
      '\xff\xc4',
      '\xff\xdb',
      '\xff\xdd',
      '\xff\xe1',
      '\xff\x00',
      'Exif\0\0',
    ];
    return fc.oneof({ weight: 5, arbitrary: mutatedBytes(seeds, tokens) }, { weight: 1, arbitrary: otherFrame(Buffer.from(seeds[0]!)) });
  },
  read: (folder, input) => readImage(folder, 'x.jpg', input),
};
