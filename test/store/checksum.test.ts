import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_CHECKSUM } from '../../src/protocol/checksumField';
import { assertChecksum, encodeWithChecksum, hasChecksum, withChecksum } from '../../src/store/checksum';
import { float32, int32 } from '../../src/store/dtypes';
import { encodeSafetensors } from '../../src/store/encodeSafetensors';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

const TENSORS = new Map([
  ['weight', float32([2, 3], new Float32Array([1, 2, 3, 4, 5, 6]))],
  ['labels', int32([3], new Int32Array([7, 8, 9]))],
]);
const METADATA = { phase: '3', details: '{"cursor":{"phase":3}}' };

describe('The checksum of a safetensors file', () => {
  const folder = temporaryFolders();

  it('is the same for the same tensors, and notices every byte that changes by a bit', async () => {
    const path = join(folder(), 'x.safetensors');
    const bytes = Buffer.concat(encodeWithChecksum(TENSORS, METADATA));
    assert.deepEqual(Buffer.concat(encodeWithChecksum(TENSORS, METADATA)), bytes);
    writeFileSync(path, bytes);
    await assertChecksum(path);
    // Under another name the checksum is none; the rest is unchanged then, since one bit can't be in two places.
    const name = bytes.indexOf('"sha256"');
    for (let i = 0; i < bytes.length; i++) {
      if (i > name && i <= name + 'sha256'.length) continue;
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(i) ^ (1 << (i % 8)), i);
      writeFileSync(path, flipped);
      await rejectsWith(assertChecksum(path), 5, /x\.safetensors (is damaged|can't be read)/);
    }
  });

  it('is not asked of a file that has none', async () => {
    const path = join(folder(), 'x.safetensors');
    writeFileSync(path, Buffer.concat(encodeSafetensors(TENSORS, METADATA)));
    await assertChecksum(path);
  });

  it('of a larger file than is read at a time covers all of it', async () => {
    const path = join(folder(), 'x.safetensors');
    const bytes = Buffer.concat(encodeWithChecksum(new Map([['x', float32([700_000], new Float32Array(700_000))]]), {}));
    writeFileSync(path, bytes);
    await assertChecksum(path);
    bytes.writeUInt8(1, bytes.length - 1);
    writeFileSync(path, bytes);
    await rejectsWith(assertChecksum(path), 5, /is damaged: .*restore it from a copy/);
  });
});

describe('The checksum of a JSON text', () => {
  it('is that of the text with zeros in its place', () => {
    const text = withChecksum(JSON.stringify({ accuracy: 0.5, sha256: NO_CHECKSUM }));
    const { sha256 } = JSON.parse(text) as { sha256: string };
    assert.notEqual(sha256, NO_CHECKSUM);
    assert.equal(hasChecksum(text, sha256), true);
    assert.equal(hasChecksum(text.replace('0.5', '0.6'), sha256), false);
    assert.equal(withChecksum('{"a":1}'), '{"a":1}');
  });
});
