import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractMember, listZip } from '../../../src/engine/native/zip';
import { damage, temporaryFolder, writeZip } from '../support/wheels';

describe('reading a zip file', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  it('lists members and unpacks one of them alone', async () => {
    const content = Buffer.from('repeated '.repeat(5000));
    const file = writeZip(folder.path, 'a.zip', { 'deep/er/big.txt': content, 'empty.txt': '', 'small.txt': 'hi' });
    const members = await listZip(file);
    assert.deepEqual(members.map(({ name, size }) => [name, size]).sort(), [
      ['deep/er/big.txt', content.length],
      ['empty.txt', 0],
      ['small.txt', 2],
    ]);
    const [big] = members.filter(({ name }) => name.includes('big'));
    if (!big) throw new Error('not listed');
    let counted = 0;
    await extractMember(file, big, join(folder.path, 'out'), 'renamed.txt', { onBytes: (count) => (counted += count) });
    assert.ok(readFileSync(join(folder.path, 'out/renamed.txt')).equals(content));
    assert.equal(counted, content.length);
    assert.deepEqual(readdirSync(join(folder.path, 'out')), ['renamed.txt']);
  });

  it('refuses a member whose bytes were changed', async () => {
    const file = writeZip(folder.path, 'a.zip', { 'x.bin': Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7919) % 251)) });
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(60) ^ 0x10, 60);
    writeFileSync(file, bytes);
    const [member] = await listZip(file);
    if (!member) throw new Error('not listed');
    await assert.rejects(extractMember(file, member, folder.path, 'x.bin'));
  });

  it('refuses what is no zip file, or is cut short, or has a damaged member list', async () => {
    const text = join(folder.path, 'text');
    writeFileSync(text, 'no zip at all');
    await assert.rejects(listZip(text), /not a zip file/);
    const file = writeZip(folder.path, 'a.zip', { 'x.txt': 'content' });
    writeFileSync(`${file}.cut`, readFileSync(file).subarray(0, -30));
    await assert.rejects(listZip(`${file}.cut`), /not a zip file|cut short/);
    damage(file, 'PK\x01\x02');
    await assert.rejects(listZip(file), /damaged/);
  });

  it('never writes outside of its folder', async () => {
    const file = writeZip(folder.path, 'a.zip', { 'x.txt': 'content' });
    const [member] = await listZip(file);
    if (!member) throw new Error('not listed');
    await assert.rejects(extractMember(file, member, join(folder.path, 'in'), '../out.txt'), /outside/);
    assert.equal(existsSync(join(folder.path, 'out.txt')), false);
  });
});
