import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { LabError } from '../../src/protocol/errors';
import { encodeSafetensors } from '../../src/store/encodeSafetensors';
import { float32 } from '../../src/store/dtypes';
import { readHeader, readSafetensors } from '../../src/store/readSafetensors';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

/** A file of a header's text as it is, and data. */
function file(header: string | Buffer, dataBytes = 0, length = BigInt(Buffer.byteLength(header))): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length);
  return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(dataBytes)]);
}
const entry = (dtype: unknown, shape: unknown, offsets: unknown) => JSON.stringify({ dtype, shape, data_offsets: offsets });
const f32 = (shape: unknown, offsets: unknown) => entry('F32', shape, offsets);

const ATTACKS: [title: string, content: Buffer, message: RegExp][] = [
  ['an empty file', Buffer.alloc(0), /has 0 bytes, too few/],
  ['a file shorter than the length', Buffer.alloc(7), /has 7 bytes, too few/],
  ['a header longer than the file', file('{}', 0, 100n), /would have 100 bytes but the file has only 10/],
  ['a header longer than any honest one', file('{}', 0, 16_777_217n), /more than the 16777216 allowed/],
  ['a header length that overflows', file('{}', 0, 2n ** 64n - 1n), /would have 18446744073709551615 bytes/],
  ['a header that is not UTF-8', file(Buffer.from([0x7b, 0xff, 0x7d])), /not UTF-8/],
  ['a header that is not JSON', file('{"a":}'), /not JSON/],
  ['a header that is a list', file('[]'), /does not begin with \{/],
  ['a header after spaces', file('  {}'), /does not begin with \{/],
  ['JSON with comments', file('{/* */}'), /not JSON/],
  ['text after the header', file('{} x'), /not JSON/],
  ['a tensor named twice', file(`{"a":${f32([1], [0, 4])},"a":${f32([1], [0, 4])}}`, 4), /name "a" twice/],
  ['a tensor named twice with an escape', file(`{"a":${f32([1], [0, 4])},"\\u0061":${f32([1], [0, 4])}}`, 4), /name "a" twice/],
  ['a field of a tensor given twice', file('{"a":{"dtype":"F32","dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1), /name "dtype" twice/],
  ['a tensor named __proto__', file(`{"__proto__":${f32([1], [0, 4])}}`, 4), /"__proto__" has a name that is not allowed/],
  ['metadata named __proto__', file('{"__metadata__":{"__proto__":"x"}}'), /key "__proto__"/],
  ['metadata that is not text', file('{"__metadata__":{"n":1}}'), /metadata "n" is not a string/],
  ['metadata that is a list', file('{"__metadata__":[]}'), /__metadata__ is not an object/],
  ['a tensor that is null', file('{"a":null}'), /"a" is not described by an object/],
  ['an unknown dtype', file(`{"a":${entry('F33', [1], [0, 4])}}`, 4), /"a" has the unknown dtype "F33"/],
  ['a dtype from the prototype', file(`{"a":${entry('constructor', [1], [0, 4])}}`, 4), /unknown dtype "constructor"/],
  ['a shape that is not a list', file(`{"a":${f32('1', [0, 4])}}`, 4), /shape "1"/],
  ['a negative size', file(`{"a":${f32([-1], [0, 4])}}`, 4), /shape \[-1\]/],
  ['a fractional size', file(`{"a":${f32([1.5], [0, 6])}}`, 6), /shape \[1\.5\]/],
  ['sizes whose product overflows', file(`{"a":${f32([2 ** 32, 2 ** 32], [0, 4])}}`, 4), /too large to exist/],
  ['an overflow hidden behind a zero', file(`{"a":${f32([2 ** 32, 2 ** 32, 0], [0, 0])}}`), /too large to exist/],
  ['one offset', file(`{"a":${f32([1], [0])}}`, 4), /offsets \[0\]/],
  ['offsets that go backwards', file(`{"a":${f32([1], [4, 0])}}`, 4), /ends at byte 0, before it begins at 4/],
  ['an offset beyond exact integers', file(`{"a":${f32([1], [0, 2 ** 60])}}`, 4), /are not two byte positions/],
  ['fewer bytes than the shape needs', file(`{"a":${f32([2], [0, 4])}}`, 4), /has 4 bytes where F32 \[2\] needs 8/],
  ['more bytes than the shape needs', file(`{"a":${f32([1], [0, 8])}}`, 8), /has 8 bytes where F32 \[1\] needs 4/],
  ['a gap before the first tensor', file(`{"a":${f32([1], [4, 8])}}`, 8), /"a" leaves a gap/],
  ['a gap between tensors', file(`{"a":${f32([1], [0, 4])},"b":${f32([1], [8, 12])}}`, 12), /"b" leaves a gap/],
  ['tensors that overlap', file(`{"a":${f32([2], [0, 8])},"b":${f32([1], [4, 8])}}`, 8), /"b" overlaps/],
  ['two tensors in the same bytes', file(`{"a":${f32([1], [0, 4])},"b":${f32([1], [0, 4])}}`, 4), /overlaps/],
  ['bytes after the last tensor', file(`{"a":${f32([1], [0, 4])}}`, 5), /tensors end at byte \d+ but the file has/],
  ['a file that was cut off', file(`{"a":${f32([2], [0, 8])}}`, 7), /tensors end at byte \d+ but the file has/],
  ['data without any tensor', file('{}', 1), /tensors end at byte 10 but the file has 11/],
  ['levels that no stack holds', file(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), /more than 100 levels/],
  [
    'metadata that is nested deeply',
    file(`{"__metadata__":{"a":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`),
    /more than 100 levels/,
  ],
  ['a million values that say nothing', file(`{"a":[${'[],'.repeat(1_000_000)}0]}`), /more than 200000 values/],
  [
    'metadata of ten thousand names',
    file(`{"__metadata__":{${Array.from({ length: 10_001 }, (_, i) => `"k${i}":""`).join()}}}`),
    /has 10001 names/,
  ],
  ['metadata of objects', file('{"__metadata__":{"a":{"b":"c"}}}'), /metadata "a" is not a string/],
  ['a size of 10^400', file('{"a":{"dtype":"F32","shape":[1e400],"data_offsets":[0,4]}}', 4), /which is not a list of sizes/],
  ['a size that is text', file(`{"a":${f32(['1'], [0, 4])}}`, 4), /which is not a list of sizes/],
  ['negative offsets', file(`{"a":${f32([1], [-4, 0])}}`, 4), /are not two byte positions/],
  ['an end beyond the file', file(`{"a":${f32([4], [0, 16])}}`, 4), /tensors end at byte \d+ but the file has/],
];

/**
 * What the format's own authors hold against other formats and check in their reader (safetensors, "Benefits" and `TensorError`), each by its name
 * there, and a file that does it.
 */
const OF_THE_FORMAT: Record<string, Buffer[]> = {
  HeaderTooSmall: [Buffer.alloc(0), Buffer.alloc(7)],
  HeaderTooLarge: [file('{}', 0, 16_777_217n), file('{}', 0, 100_000_001n), file('{}', 0, 2n ** 63n)],
  InvalidHeaderLength: [file('{}', 0, 100n)],
  InvalidHeader: [file(Buffer.from([0x7b, 0xff, 0x7d]))],
  InvalidHeaderStart: [file('[]'), file(' {}'), file('\ufeff{}'), file('')],
  InvalidHeaderDeserialization: [
    file('{"a":}'),
    file('{} x'),
    file(`{"a":${entry('F33', [1], [0, 4])}}`, 4),
    file('{"__metadata__":{"a":1}}'),
  ],
  'duplicate keys': [file(`{"a":${f32([1], [0, 4])},"a":${f32([1], [0, 4])}}`, 4)],
  InvalidOffset: [
    file(`{"a":${f32([1], [4, 0])}}`, 4),
    file(`{"a":${f32([2], [0, 8])},"b":${f32([1], [4, 8])}}`, 8),
    file(`{"a":${f32([1], [0, 4])},"b":${f32([1], [8, 12])}}`, 12),
    file(`{"a":${f32([1], [4, 8])}}`, 8),
  ],
  TensorInvalidInfo: [file(`{"a":${f32([2], [0, 4])}}`, 4), file(`{"a":${f32([1], [0, 8])}}`, 8)],
  ValidationOverflow: [
    file(`{"a":${f32([2 ** 32, 2 ** 32], [0, 4])}}`, 4),
    file(`{"a":${f32([2 ** 53 - 1, 3], [0, 4])}}`, 4),
    file(`{"a":${entry('F64', [2 ** 50], [0, 8])}}`, 8),
  ],
  MetadataIncompleteBuffer: [file(`{"a":${f32([1], [0, 4])}}`, 3), file(`{"a":${f32([1], [0, 4])}}`, 5), file('{}', 1)],
  'zip bombs': [file(`{"a":${f32([1e9, 1e5], [0, 4])}}`, 4), file(`{"a":${f32(new Array(9000).fill(2), [0, 4])}}`, 4)],
};

describe('A safetensors header', () => {
  const folder = temporaryFolders();

  for (const [title, content, message] of ATTACKS) {
    it(`is refused: ${title}`, async () => {
      const path = join(folder(), 'attack.safetensors');
      writeFileSync(path, content);
      await rejectsWith(readHeader(path), 5, message, /attack\.safetensors can't be read/);
    });
  }

  for (const [name, files] of Object.entries(OF_THE_FORMAT)) {
    it(`is refused as the format's own reader refuses it: ${name}`, async () => {
      const path = join(folder(), 'attack.safetensors');
      for (const content of files) {
        writeFileSync(path, content);
        await rejectsWith(readSafetensors(path), 5, /attack\.safetensors can't be read: .+; the file is damaged or not a safetensors file/);
      }
    });
  }

  it('that describes 24 000 tensors is read, and one of twice as many not', async () => {
    const path = join(folder(), 'many.safetensors');
    const many = (count: number) => `{${Array.from({ length: count }, (_, i) => `"t${i}":${entry('U8', [1], [i, i + 1])}`).join()}}`;
    writeFileSync(path, file(many(24_000), 24_000));
    assert.equal((await readHeader(path)).tensors.size, 24_000);
    writeFileSync(path, file(many(50_000), 50_000));
    await rejectsWith(readHeader(path), 5, /holds more than 200000 values/);
  });

  it('of a pipe or device is not waited for', async () => {
    const pipe = join(folder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero'])
      await rejectsWith(readHeader(path), 5, /is a pipe or device, so put an ordinary file in its place/);
  });

  it('may have no tensors, zero sizes and any order of names', async () => {
    const path = join(folder(), 'x.safetensors');
    for (const content of [file('{}'), file(`{"b":${f32([1], [0, 4])},"empty":${f32([0, 3], [0, 0])}}   `, 4)]) {
      writeFileSync(path, content);
      await readHeader(path);
    }
  });

  it('is either read or refused with a sentence, whatever bytes are changed', async () => {
    const path = join(folder(), 'x.safetensors');
    const good = Buffer.concat(
      encodeSafetensors(
        new Map([
          ['a', float32([2, 1], new Float32Array(2))],
          ['b', float32([], new Float32Array(1))],
        ]),
        { k: 'v' },
      ),
    );
    const change = fc.record({
      at: fc.nat(good.byteLength - 1),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]",:0123456789-e'))),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(good.byteLength), async (changes, cut) => {
        const bytes = Buffer.from(good);
        for (const { at, byte } of changes) bytes[at] = byte;
        writeFileSync(path, cut % 3 === 0 ? bytes.subarray(0, cut) : bytes);
        await readSafetensors(path).catch((error: unknown) => assert.ok(error instanceof LabError, String(error)));
      }),
      { numRuns: 500 },
    );
  });
});
