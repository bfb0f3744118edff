import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

describe('the wasm engine on several threads', () => {
  it('trains to the same bits on any number of them, and its process ends by itself', function () {
    this.timeout(60_000);
    const results = [1, 2, 3].map((threads) => {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        ['--import', 'tsx', join(__dirname, 'fixtures/wasmStep.ts'), `${threads}`],
        { encoding: 'utf8', timeout: 50_000 },
      );
      assert.equal(status, 0, stderr);
      return JSON.parse(stdout) as { threads: number; weights: string };
    });
    assert.deepEqual(
      results.map(({ threads }) => threads),
      [1, 2, 3],
    );
    assert.equal(new Set(results.map(({ weights }) => weights)).size, 1, JSON.stringify(results));
  });
});
