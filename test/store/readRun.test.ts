import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFile } from '../../src/protocol/runFile';
import { listRuns, readRunFile } from '../../src/store/readRun';
import { acquireRunLock } from '../../src/store/runLock';
import { rejectsWith } from './support/rejects';
import { sampleRunFile } from './support/sampleRun';
import { temporaryFolders } from './support/temporaryFolder';

describe('The list of runs', () => {
  const folder = temporaryFolders();
  const addRun = (runs: string, id: string, patch: Partial<RunFile> = {}) => {
    mkdirSync(join(runs, id));
    writeFileSync(join(runs, id, 'run.json'), JSON.stringify(sampleRunFile(patch)));
    return join(runs, id);
  };

  it('has the newest run first', async () => {
    const runs = folder();
    addRun(runs, 'old', { status: 'completed', created: '2025-11-23T08:00:00.000Z' });
    addRun(runs, 'new', { status: 'stopped', created: '2025-11-24T08:00:00.000Z' });
    assert.deepEqual(
      (await listRuns(runs)).map(({ id, state }) => [id, state]),
      [
        ['new', 'stopped'],
        ['old', 'completed'],
      ],
    );
  });

  it('tells a running run from an interrupted one by its living owner', async () => {
    const runs = folder();
    addRun(runs, 'interrupted');
    const lock = await acquireRunLock(addRun(runs, 'running'));
    const states = new Map((await listRuns(runs)).map(({ id, state }) => [id, state]));
    assert.deepEqual([states.get('running'), states.get('interrupted')], ['running', 'interrupted']);
    await lock.release();
  });

  it('shows a damaged run with its error, after the others', async () => {
    const runs = folder();
    addRun(runs, 'good', { status: 'completed' });
    mkdirSync(join(runs, 'a-broken'));
    writeFileSync(join(runs, 'a-broken', 'run.json'), '{"schemaVersion":1}');
    mkdirSync(join(runs, 'b-without'));
    writeFileSync(join(runs, 'b-without', 'events.jsonl'), '');
    const list = await listRuns(runs);
    assert.deepEqual(
      list.map(({ id, state }) => [id, state]),
      [
        ['good', 'completed'],
        ['a-broken', 'broken'],
        ['b-without', 'broken'],
      ],
    );
    assert.match(list[1]?.error?.message ?? '', /a-broken.run\.json can't be used: "id"/);
  });

  it('leaves out files and folders that are no runs', async () => {
    const runs = folder();
    mkdirSync(join(runs, 'notes'));
    writeFileSync(join(runs, 'compare.html'), '');
    assert.deepEqual(await listRuns(runs), []);
  });

  it('is empty where there is no folder of runs', async () => assert.deepEqual(await listRuns('/nowhere/runs'), []));

  it('refuses a run file of a newer version by name', async () => {
    const runs = folder();
    const dir = addRun(runs, 'a');
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...sampleRunFile(), schemaVersion: 2, unheardOf: true }));
    await rejectsWith(readRunFile(dir), 5, /run\.json was written by a newer Mnemonics Lab/);
  });
});
