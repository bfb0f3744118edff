import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownIdentity } from '../../src/store/processIdentity';
import { RunFolder } from '../../src/store/runFolder';
import { sampleRunFile } from './support/sampleRun';
import { temporaryFolders } from './support/temporaryFolder';

const lockOf = (pid: number, startTime: string | null) =>
  JSON.stringify({ schemaVersion: 1, ...ownIdentity(), pid, startTime, token: '00000000-0000-4000-8000-000000000000' });
const LIVING = lockOf(process.pid, ownIdentity().startTime);
const ENDED = lockOf(4_194_304, null);

describe('What a killed process left in a run folder', () => {
  const folder = temporaryFolders();

  it('is removed by the next writer, but for what belongs to a living process or was not a writer’s', async () => {
    const dir = join(folder(), 'a');
    await (await RunFolder.create(dir, sampleRunFile())).close();
    mkdirSync(join(dir, 'phase-00'));
    for (const [name, content] of [
      ['run.json.0a1b2c3d.tmp', '{'],
      ['state.safetensors.0a1b2c3d.tmp', ''],
      ['phase-00/model.safetensors.00000000.tmp', ''],
      ['phase-00/model.safetensors', 'kept'],
      ['lock.json.11111111-0000-4000-8000-000000000000.tmp', ENDED],
      ['lock.json.22222222-0000-4000-8000-000000000000', ENDED],
      ['lock.json.33333333-0000-4000-8000-000000000000.tmp', LIVING],
      ['report.html.0a1b2c3d.tmp', 'another process writes it'],
      ['notes.tmp', "the user's"],
    ] as const)
      writeFileSync(join(dir, name), content);

    await (await RunFolder.reopen(dir)).close();
    const left = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
    assert.deepEqual(left, [
      'events.jsonl',
      'lock.json.33333333-0000-4000-8000-000000000000.tmp',
      'notes.tmp',
      'phase-00',
      'phase-00/model.safetensors',
      'report.html.0a1b2c3d.tmp',
      'run.json',
    ]);
  });

  it('does not keep a run from beginning there, where it had no run.json yet', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'lock.json'), ENDED);
    writeFileSync(join(dir, 'run.json.0a1b2c3d.tmp'), '{');
    const run = await RunFolder.create(dir, sampleRunFile());
    await run.close();
    assert.deepEqual(readdirSync(dir).sort(), ['events.jsonl', 'run.json']);
    assert.match(readFileSync(join(dir, 'run.json'), 'utf8'), /"id": "sample"/);
  });
});
