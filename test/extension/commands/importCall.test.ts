import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importableSets, importArguments, lastLine, needsForce } from '../../../src/extension/commands/importCall';
import { parseCall } from '../../../src/trainer/commands/parseCall';
import { COMMANDS } from '../../../src/trainer/commands/registry';
import { cliCommand } from '../../../src/extension/process/cliCommand';
import { temporaryFolders } from '../../store/support/temporaryFolder';
import { membersOf, tar } from '../../data/support/archives';
import { cifar10Files, cifarRecords } from '../../data/support/cifarFiles';

describe("the editor's import of a data set", function () {
  this.timeout(60_000);
  const folder = temporaryFolders();

  it('offers every set but the one that is built in, and says what to have', () => {
    const names: string[] = importableSets().map(({ name }) => name);
    assert.ok(names.includes('cifar100') && names.includes('image-folder') && !names.includes('mnist'));
    assert.match(importableSets().find(({ name }) => name === 'cifar100')?.published ?? '', /^cifar-100-binary\.tar\.gz/);
  });

  it('makes a call that the command line understands', () => {
    const call = parseCall(importArguments({ name: 'cifar10', from: '/a b/c.tgz', force: true }), COMMANDS);
    assert.ok(call.kind === 'command');
    assert.deepEqual(
      [call.command.name, { ...call.values }, call.positionals],
      ['data import', { from: '/a b/c.tgz', force: true }, ['cifar10']],
    );
  });

  it('imports through the command line, and knows a set that is in the way', async () => {
    const dir = folder();
    const archive = (name: string, files: Record<string, Buffer>) => {
      writeFileSync(join(dir, name), tar(membersOf(files)));
      return join(dir, name);
    };
    const run = (from: string, force = false) =>
      cliCommand({
        cli: join(__dirname, '..', '..', '..', 'src', 'trainer', 'cli.ts'),
        args: importArguments({ name: 'cifar10', from, force }),
        env: { PATH: process.env['PATH'], MNEMONICS_DATA: join(dir, 'data'), NODE_OPTIONS: `--import file://${require.resolve('tsx')}` },
      });
    const first = await run(archive('a.tar', cifar10Files()));
    assert.deepEqual([first.code, needsForce(first)], [0, false], first.stderr);
    assert.match(lastLine(first.stdout) ?? '', /^cifar10 is imported: 10 classes/);
    const other = archive('b.tar', { ...cifar10Files(), 'test_batch.bin': cifarRecords(10, 1, 2) });
    const refused = await run(other);
    assert.deepEqual([refused.code, needsForce(refused)], [3, true], refused.stderr);
    assert.equal((await run(other, true)).code, 0);
  });
});
