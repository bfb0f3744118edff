import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlFiles } from '../../src/protocol/runLayout';
import { requestIds } from '../../src/store/controlRequests';
import { temporaryFolders } from './support/temporaryFolder';

describe('Requests in a run folder', () => {
  const folder = temporaryFolders();
  const id = (digit: number) => `${digit}0000000-0000-4000-8000-000000000000`;

  it('are taken in the order in which they were written', () => {
    const dir = folder();
    mkdirSync(join(dir, 'control'));
    for (const [digit, second] of [
      [1, 30],
      [2, 10],
      [3, 20],
    ] as const) {
      const path = join(dir, controlFiles(id(digit)).request);
      writeFileSync(path, '{}');
      utimesSync(path, second, second);
    }
    assert.deepEqual(requestIds(dir), [id(2), id(3), id(1)]);
  });

  it('are none through a link', () => {
    const [dir, outside] = [folder(), folder()];
    writeFileSync(join(outside, controlFiles(id(1)).request.replace('control/', '')), '{}');
    symlinkSync(outside, join(dir, 'control'));
    assert.deepEqual(requestIds(dir), []);
  });
});
