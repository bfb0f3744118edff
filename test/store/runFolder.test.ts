import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluationFileSchema } from '../../src/protocol/evaluationFile';
import { float32 } from '../../src/store/dtypes';
import { assertChecksum } from '../../src/store/checksum';
import { readEvents } from '../../src/store/eventLog';
import { readSafetensors } from '../../src/store/readSafetensors';
import { readRunFile } from '../../src/store/readRun';
import { RunFolder } from '../../src/store/runFolder';
import { rejectsWith } from './support/rejects';
import { START, progress, runStarted, sampleRunFile } from './support/sampleRun';
import { temporaryFolders } from './support/temporaryFolder';

describe('RunFolder', () => {
  const folder = temporaryFolders();

  it('holds run file, events and tensors, and no lock once it is closed', async () => {
    const dir = join(folder(), 'runs', 'a');
    const run = await RunFolder.create(dir, sampleRunFile());
    assert.ok(existsSync(join(dir, 'lock.json')));
    run.append(runStarted(), START);
    await run.writeTensors('phase-00/model.safetensors', new Map([['w', float32([1], new Float32Array([3]))]]), { phase: '0' });
    await run.updateRun({ status: 'completed', ended: '2025-11-24T09:00:00.000Z' });
    await run.close();
    assert.deepEqual(readdirSync(dir).sort(), ['events.jsonl', 'phase-00', 'run.json']);
    assert.equal((await readRunFile(dir)).status, 'completed');
    assert.equal((await readEvents(join(dir, 'events.jsonl'))).length, 1);
    const model = join(dir, 'phase-00', 'model.safetensors');
    assert.deepEqual(Object.keys((await readSafetensors(model)).metadata), ['phase', 'sha256']);
    await assertChecksum(model);
  });

  it('goes on with a run that was closed', async () => {
    const dir = join(folder(), 'a');
    const first = await RunFolder.create(dir, sampleRunFile());
    first.append(runStarted(), START);
    await first.close();
    const second = await RunFolder.reopen(dir);
    assert.deepEqual([second.notice, second.run.id], [null, 'sample']);
    assert.equal(second.append(progress(1), START).seq, 1);
    await second.close();
  });

  it('says whose lock it took over', async () => {
    const dir = join(folder(), 'a');
    await (await RunFolder.create(dir, sampleRunFile())).close();
    const stale = { schemaVersion: 1, pid: 4_194_304, startTime: null, bootId: 'gone', host: (await import('node:os')).hostname() };
    writeFileSync(join(dir, 'lock.json'), JSON.stringify({ ...stale, token: '00000000-0000-0000-0000-000000000000' }));
    const run = await RunFolder.reopen(dir);
    assert.match(run.notice ?? '', /process 4194304, which has ended, was taken over/);
    await run.close();
  });

  it('is refused to a second writer', async () => {
    const dir = join(folder(), 'a');
    const run = await RunFolder.create(dir, sampleRunFile());
    await rejectsWith(RunFolder.reopen(dir), 5, new RegExp(`being written by process ${process.pid}`));
    await rejectsWith(RunFolder.create(dir, sampleRunFile()), 5, /holds a run already/);
    await run.close();
  });

  it('is made by one of two that begin at once', async () => {
    const dir = join(folder(), 'a');
    const results = await Promise.allSettled([RunFolder.create(dir, sampleRunFile()), RunFolder.create(dir, sampleRunFile())]);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('is refused where the folder has other files, which are left alone', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'thesis.tex'), 'mine');
    await rejectsWith(RunFolder.create(dir, sampleRunFile()), 5, /is not empty \(it holds thesis\.tex\)/);
    assert.deepEqual([readdirSync(dir), readFileSync(join(dir, 'thesis.tex'), 'utf8')], [['thesis.tex'], 'mine']);
  });

  it('is refused where a file is in the way', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, '');
    await rejectsWith(
      RunFolder.create(path, sampleRunFile()),
      5,
      /can't be written: a file has that name, so move it away or choose another/,
    );
  });

  it('is not reopened where it holds no run', async () => {
    const dir = folder();
    await rejectsWith(RunFolder.reopen(dir), 5, /holds no run/);
    await rejectsWith(RunFolder.reopen(join(dir, 'nothing')), 5, /holds no run/);
    assert.deepEqual(readdirSync(dir), []);
  });

  it('frees its lock where it cannot be opened', async () => {
    const dir = join(folder(), 'a');
    await (await RunFolder.create(dir, sampleRunFile())).close();
    writeFileSync(join(dir, 'events.jsonl'), 'damaged\n');
    await rejectsWith(RunFolder.reopen(dir), 5, /The last line of .*events\.jsonl/);
    assert.ok(!existsSync(join(dir, 'lock.json')));
  });

  it('never writes what a reader would refuse', async () => {
    const dir = join(folder(), 'a');
    const run = await RunFolder.create(dir, sampleRunFile());
    await assert.rejects(run.writeJson('phase-00/evaluation.json', evaluationFileSchema, { phase: -1 } as never));
    assert.ok(!existsSync(join(dir, 'phase-00')));
    await run.close();
  });

  it('names what cannot be written', async () => {
    const dir = join(folder(), 'a');
    const run = await RunFolder.create(dir, sampleRunFile());
    mkdirSync(join(dir, 'state.safetensors', 'in the way'), { recursive: true });
    await rejectsWith(run.writeTensors('state.safetensors', new Map()), 5, /state\.safetensors can't be written/);
    await run.close();
  });
});
