import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

interface Result {
  readonly threads: number;
  readonly multiplyAdd: 'fused' | 'separate';
  readonly loss: number;
  readonly bits: string;
}

/** Trains in a process of its own, which must end by itself. */
function train(...args: string[]): Result {
  const fixture = join(__dirname, 'fixtures/wasmStep.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', fixture, ...args], {
    encoding: 'utf8',
    timeout: 50_000,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Result;
}

describe('the wasm engine', function () {
  this.timeout(60_000);

  it('trains to the same bits on any number of threads', () => {
    const results = ['1', '2', '3'].map((threads) => train(threads));
    assert.deepEqual(
      results.map(({ threads }) => threads),
      [1, 2, 3],
    );
    assert.equal(new Set(results.map(({ bits }) => bits)).size, 1, JSON.stringify(results));
  });

  it('does without relaxed SIMD where it must, and says so, since the last bits differ', () => {
    const [best, plain] = [train('2'), train('2', 'plain')];
    assert.equal(plain.multiplyAdd, 'separate');
    assert.ok(Math.abs(plain.loss / best.loss - 1) < 1e-4, `${plain.loss}, ${best.loss}`);
    assert.equal(plain.bits === best.bits, best.multiplyAdd === 'separate');
  });
});
