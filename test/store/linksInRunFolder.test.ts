import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askRun } from '../../src/store/askRun';
import { RunFolder } from '../../src/store/runFolder';
import { rejectsWith } from './support/rejects';
import { runStarted, sampleRunFile, START } from './support/sampleRun';
import { temporaryFolders } from './support/temporaryFolder';

describe('A link in a run folder', function () {
  const folder = temporaryFolders();
  /** A run's folder, and one outside of it. */
  const made = async () => {
    const [dir, outside] = [join(folder(), 'run'), folder()];
    await (await RunFolder.create(dir, sampleRunFile())).close();
    return { dir, outside };
  };

  it('in place of the log is refused, and the file that it leads to is left alone', async () => {
    const { dir, outside } = await made();
    const file = join(outside, 'thesis.tex');
    writeFileSync(file, 'mine, without a line break');
    rmSync(join(dir, 'events.jsonl'));
    symlinkSync(file, join(dir, 'events.jsonl'));
    await rejectsWith(RunFolder.reopen(dir), 5, /events\.jsonl is a link, and nothing is written through a link in a run folder; put what/);
    assert.deepEqual([readFileSync(file, 'utf8'), readdirSync(dir).sort()], ['mine, without a line break', ['events.jsonl', 'run.json']]);
  });

  it('that leads to nothing makes nothing there', async () => {
    const { dir, outside } = await made();
    rmSync(join(dir, 'events.jsonl'));
    symlinkSync(join(outside, 'new'), join(dir, 'events.jsonl'));
    await rejectsWith(RunFolder.reopen(dir), 5, /events\.jsonl is a link/);
    assert.deepEqual(readdirSync(outside), []);
  });

  it("in place of a phase's folder is refused; nothing is written or removed beyond it", async () => {
    const { dir, outside } = await made();
    writeFileSync(join(outside, 'model.safetensors.00000000.tmp'), 'mine');
    symlinkSync(outside, join(dir, 'phase-01'));
    const run = await RunFolder.reopen(dir);
    await rejectsWith(run.writeTensors('phase-01/model.safetensors', new Map()), 5, /phase-01 is a link/);
    await run.close();
    assert.deepEqual(readdirSync(outside), ['model.safetensors.00000000.tmp']);
  });

  it('in place of the folder of requests is refused to who asks', async () => {
    const { dir, outside } = await made();
    symlinkSync(outside, join(dir, 'control'));
    const run = await RunFolder.reopen(dir);
    await rejectsWith(askRun(dir, { schemaVersion: 1, intent: 'pause' }, 1), 5, /control is a link/);
    await run.close();
    assert.deepEqual(readdirSync(outside), []);
  });

  it('that is a hard one and in place of the log leaves the other file as it is: backups are made of such', async () => {
    const { dir, outside } = await made();
    const backup = join(outside, 'events.jsonl');
    linkSync(join(dir, 'events.jsonl'), backup);
    const run = await RunFolder.reopen(dir);
    run.append(runStarted(), START);
    await run.close();
    assert.deepEqual([readFileSync(backup, 'utf8'), readFileSync(join(dir, 'events.jsonl'), 'utf8').split('\n').length], ['', 2]);
    assert.deepEqual(readdirSync(dir).sort(), ['events.jsonl', 'run.json']);
  });

  it('that leads to the run folder itself is followed: runs may lie on another disk', async () => {
    const { dir, outside } = await made();
    renameSync(dir, join(outside, 'run'));
    symlinkSync(join(outside, 'run'), dir);
    const run = await RunFolder.reopen(dir);
    await run.writeTensors('phase-00/model.safetensors', new Map());
    await run.close();
    assert.deepEqual(readdirSync(join(outside, 'run', 'phase-00')), ['model.safetensors']);
  });
});

describe('What stands in the way in a run folder', () => {
  const folder = temporaryFolders();

  it('is named: a file where a folder belongs, a folder where a file belongs', async () => {
    const dir = join(folder(), 'run');
    const run = await RunFolder.create(dir, sampleRunFile());
    writeFileSync(join(dir, 'phase-00'), '');
    await rejectsWith(
      run.writeTensors('phase-00/model.safetensors', new Map()),
      5,
      /phase-00 can't be written: a file has that name, so move it away/,
    );
    mkdirSync(join(dir, 'phase-01', 'model.safetensors'), { recursive: true });
    await rejectsWith(
      run.writeTensors('phase-01/model.safetensors', new Map()),
      5,
      /model\.safetensors can't be written: a folder has its name/,
    );
    mkdirSync(join(dir, 'state.previous.safetensors'));
    await rejectsWith(run.writeResumePoint(new Map(), {}), 5, /state\.previous\.safetensors can't be written: a folder has its name/);
    await run.close();
  });

  it('does not keep it from being opened where it only has the name of what a killed process left', async () => {
    const dir = join(folder(), 'run');
    await (await RunFolder.create(dir, sampleRunFile())).close();
    for (const name of ['run.json.00000000.tmp', 'lock.json.foo']) mkdirSync(join(dir, name));
    await (await RunFolder.reopen(dir)).close();
  });
});
