import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findDawn, howToGetDawn, WEBGPU_VERSION } from '../../../src/engine/webgpu/dawn';
import { temporaryFolder } from '../support/wheels';

describe('the package webgpu', () => {
  it('is of the release that package.json pins', () => {
    const { optionalDependencies } = createRequire(__filename)('../../../package.json') as { optionalDependencies: object };
    assert.deepEqual(optionalDependencies, { webgpu: WEBGPU_VERSION });
  });

  it('is found in the cache where there is no checkout, and nowhere else', function () {
    const inCheckout = findDawn();
    if (!inCheckout) return this.skip();
    const folder = temporaryFolder();
    try {
      const env = { MNEMONICS_CACHE: folder.path };
      assert.equal(findDawn(env, folder.path), undefined);
      const [, prefix = ''] = /--prefix (\S+) webgpu@/.exec(howToGetDawn(env)) ?? [];
      assert.ok(prefix.startsWith(folder.path));
      mkdirSync(join(prefix, 'node_modules'), { recursive: true });
      symlinkSync(dirname(fileURLToPath(inCheckout.url)), join(prefix, 'node_modules', 'webgpu'));
      assert.equal(findDawn(env, folder.path)?.version, inCheckout.version);
    } finally {
      folder.remove();
    }
  });
});
