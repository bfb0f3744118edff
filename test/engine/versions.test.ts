import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { TFJS_NODE_VERSION } from '../../src/engine/versions';

describe('the versions of tfjs', () => {
  it('are one: what the manifest of an engine records is what package.json pins for every package of it', () => {
    const { dependencies } = createRequire(__filename)('../../package.json') as { dependencies: Record<string, string> };
    const versions = Object.entries(dependencies).filter(([name]) => name.startsWith('@tensorflow/'));
    assert.ok(versions.length >= 4);
    for (const [name, version] of versions) assert.equal(version, TFJS_NODE_VERSION, name);
  });
});
