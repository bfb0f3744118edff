import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerCheckpoint } from '../../../src/extension/checkpoint/answerCheckpoint';
import { encodeWithChecksum } from '../../../src/store/checksum';
import { float32 } from '../../../src/store/dtypes';
import { temporaryFolders } from '../../store/support/temporaryFolder';

describe('the page of a checkpoint', () => {
  const folder = temporaryFolders();

  it('is told whether the file is as its checksum says', async () => {
    const fsPath = join(folder(), 'model.safetensors');
    const file = { scheme: 'file', fsPath };
    const bytes = Buffer.concat(encodeWithChecksum(new Map([['w', float32([1], new Float32Array([3]))]]), {}));
    writeFileSync(fsPath, bytes);
    assert.deepEqual(await answerCheckpoint(file, { type: 'check' }), { type: 'checked', error: null });
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(fsPath, bytes);
    const answer = await answerCheckpoint(file, { type: 'check' });
    assert.ok(answer.type === 'checked');
    assert.match(answer.error?.message ?? '', /model\.safetensors is damaged/);
  });
});
