import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractEntry, readEntry, withZip } from '../../../src/engine/native/zip';
import { damage, temporaryFolder, writeZip } from '../support/wheels';

describe('reading a zip file', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  const namesOf = (file: string): Promise<string[]> => withZip(file, async ({ entries }) => entries.map(({ fileName }) => fileName));
  const unpack = (file: string, name: string, to: string, target: string, onBytes: (count: number) => void = () => undefined) =>
    withZip(file, (zip) =>
      extractEntry(
        zip,
        zip.entries.find(({ fileName }) => fileName.includes(name))!,
        to,
        target,
        { onBytes },
      ),
    );

  it('lists members, unpacks one of them alone, and reads one', async () => {
    const content = Buffer.from('repeated '.repeat(5000));
    const file = writeZip(folder.path, 'a.zip', { 'deep/er/big.txt': content, 'empty.txt': '', 'small.txt': 'hí' });
    assert.deepEqual((await namesOf(file)).sort(), ['deep/er/big.txt', 'empty.txt', 'small.txt']);
    let counted = 0;
    await unpack(file, 'big', join(folder.path, 'out'), 'renamed.txt', (count) => (counted += count));
    assert.ok(readFileSync(join(folder.path, 'out/renamed.txt')).equals(content));
    assert.equal(counted, content.length);
    assert.deepEqual(readdirSync(join(folder.path, 'out')), ['renamed.txt']);
    await unpack(file, 'empty', join(folder.path, 'out'), 'empty');
    assert.equal(readFileSync(join(folder.path, 'out/empty'), 'utf8'), '');
    assert.equal(
      await withZip(file, (zip) =>
        readEntry(
          zip,
          zip.entries.find(({ fileName }) => fileName === 'small.txt')!,
        ),
      ),
      'hí',
    );
  });

  it('refuses a member whose bytes were changed', async () => {
    const file = writeZip(folder.path, 'a.zip', { 'x.bin': Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7919) % 251)) });
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(60) ^ 0x10, 60);
    writeFileSync(file, bytes);
    await assert.rejects(unpack(file, 'x.bin', folder.path, 'x.bin'));
    await assert.rejects(withZip(file, (zip) => readEntry(zip, zip.entries[0]!)));
  });

  it('refuses what is no zip file, or is cut short, or has a damaged member list', async () => {
    const text = join(folder.path, 'text');
    writeFileSync(text, 'no zip at all');
    await assert.rejects(namesOf(text), /not a zip file/);
    const file = writeZip(folder.path, 'a.zip', { 'x.txt': 'content' });
    writeFileSync(`${file}.cut`, readFileSync(file).subarray(0, -30));
    await assert.rejects(namesOf(`${file}.cut`), /not a zip file|truncated/);
    damage(file, 'PK\x01\x02');
    await assert.rejects(namesOf(file), /invalid central directory/);
  });

  it('never writes outside of its folder', async () => {
    const file = writeZip(folder.path, 'a.zip', { 'x.txt': 'content' });
    await assert.rejects(unpack(file, 'x.txt', join(folder.path, 'in'), '../out.txt'), /outside/);
    assert.equal(existsSync(join(folder.path, 'out.txt')), false);
  });
});
