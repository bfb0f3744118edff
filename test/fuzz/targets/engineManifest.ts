import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BINDING_FILE, engineManifest, LIBRARIES, MANIFEST_FILE, readInstalled } from '../../../src/engine/native/manifest';
import { TFJS_NODE_VERSION } from '../../../src/engine/versions';
import { bytesOfText } from '../inputs/bytes';
import { mutatedJsonText } from '../inputs/json';
import type { FuzzTarget } from '../target';

const ADDON = 'not an addon';

const manifest = engineManifest.parse({
  schemaVersion: 1,
  tensorflow: '2.21.0',
  tfjsNode: TFJS_NODE_VERSION,
  platform: process.platform,
  arch: process.arch,
  device: 'cpu',
  source: 'wheel tensorflow_cpu-2.21.0.whl',
  libraries: 'lib',
  librarySizes: Object.fromEntries(LIBRARIES.map((name) => [name, name.length])),
  bindingSha256: createHash('sha256').update(ADDON).digest('hex'),
  binding: 'built here',
  installedAt: '2026-11-24T08:00:00.000Z',
});

/** `engine.json` of an installed engine. One that can't be read is as good as none. */
export const target: FuzzTarget = {
  runs: 4000,
  file: MANIFEST_FILE,
  codes: [],
  seeds: () => [bytesOfText(JSON.stringify(manifest))],
  mutated: mutatedJsonText,
  prepare(folder) {
    mkdirSync(join(folder, 'lib'));
    for (const name of LIBRARIES) writeFileSync(join(folder, 'lib', name), name);
    writeFileSync(join(folder, BINDING_FILE), ADDON);
  },
  read: (folder) => readInstalled(folder),
};
