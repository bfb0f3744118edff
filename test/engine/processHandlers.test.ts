import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import util from 'node:util';
import { restoreRemovedUtilities } from '../../src/engine/native/nodeCompatibility';

describe('loading an engine', () => {
  it('leaves the handling of uncaught errors as it was', () => {
    const fixture = join(__dirname, 'fixtures/throwAfterWasm.ts');
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', fixture], { encoding: 'utf8' });
    assert.notEqual(status, 0);
    assert.match(stderr, /Error: an error of ours/);
    // Emscripten's own handler would print a page of minified source before it.
    assert.ok(stderr.length < 3000, `${stderr.length} characters on standard error`);
  });

  it('brings back the functions of node:util that tfjs-node calls', () => {
    const module = util as unknown as Record<string, ((value: unknown) => boolean) | undefined>;
    const kept = [module['isNullOrUndefined'], module['isArray']];
    delete module['isNullOrUndefined'];
    delete module['isArray'];
    restoreRemovedUtilities();
    assert.deepEqual(
      [null, undefined, 0, ''].map((value) => module['isNullOrUndefined']?.(value)),
      [true, true, false, false],
    );
    assert.equal(module['isArray']?.([]), true);
    [module['isNullOrUndefined'], module['isArray']] = kept;
  });
});
