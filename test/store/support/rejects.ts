import assert from 'node:assert/strict';
import { LabError } from '../../../src/protocol/errors';

/** Asserts that something fails with a LabError whose one sentence matches every pattern. */
export async function rejectsWith(job: Promise<unknown> | (() => unknown), exitCode: number, ...patterns: RegExp[]): Promise<void> {
  const error = await (typeof job === 'function' ? Promise.resolve().then(job) : job).then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LabError, `not a LabError: ${String(error)}`);
  assert.equal(error.exitCode, exitCode, error.message);
  assert.ok(!error.message.includes('\n'), error.message);
  for (const pattern of patterns) assert.match(error.message, pattern);
}
