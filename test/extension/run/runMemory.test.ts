import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { RunMemory } from '../../../src/extension/run/runMemory';

describe('RunMemory', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'mnemonics-memory-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('tells the next window which run was in progress, until it is forgotten', () => {
    const storage = path.join(folder, 'made', 'when', 'needed');
    const memory = new RunMemory(storage);
    assert.equal(memory.recall(), undefined);
    memory.remember('/runs/a run');
    assert.equal(new RunMemory(storage).recall(), '/runs/a run');
    memory.forget();
    memory.forget();
    assert.equal(new RunMemory(storage).recall(), undefined);
  });
});
