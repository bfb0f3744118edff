import assert from 'node:assert/strict';
import { parseIdx } from '../../src/data/idx';
import { idx } from './support/idx';
import { rejectsWith } from '../store/support/rejects';

const parse = (bytes: Uint8Array, rank = 1) => parseIdx({ path: 'labels', bytes }, rank);

describe('An IDX file', () => {
  it('gives its sizes and elements', () => {
    const { shape, data } = parse(idx(0x803, [2, 1, 2], Uint8Array.of(1, 2, 3, 4)), 3);
    assert.deepEqual(
      [shape, [...data]],
      [
        [2, 1, 2],
        [1, 2, 3, 4],
      ],
    );
  });

  const WRONG: [title: string, bytes: Uint8Array, message: RegExp][] = [
    ['is empty', new Uint8Array(0), /labels is not .*expected at least 8 bytes, found 0/],
    ['ends in its header', idx(0x801, [], 3), /expected at least 8 bytes, found 7/],
    ['has the magic number of images', idx(0x803, [4], 4), /expected magic number 0x00000801, found 0x00000803/],
    ['has elements that are no bytes', idx(0xd01, [4], 16), /expected magic number 0x00000801, found 0x00000d01/],
    ['is another kind of file', Buffer.from('\x1f\x8b compressed'), /found 0x1f/],
    ['is cut off', idx(0x801, [4], 3), /expected 12 bytes for the size 4, found 11 bytes/],
    ['goes on after its end', idx(0x801, [4], 5), /expected 12 bytes for the size 4, found 13 bytes/],
    ['claims more than can exist', idx(0x801, [0xffffffff], 4), /expected 4294967303 bytes/],
    ['has no elements', idx(0x801, [0], 0), /the empty size 0/],
  ];
  for (const [title, bytes, message] of WRONG) {
    it(`is refused where it ${title}`, () => rejectsWith(() => parse(bytes), 3, message));
  }
});
