import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildInputsSha256 } from '../../../src/engine/native/binding';
import { checkPrebuilt, PREBUILT_ADDONS as FILES } from '../../../src/engine/native/prebuilt';
import { TFJS_NODE_VERSION } from '../../../src/engine/versions';
import { bytesOfText } from '../inputs/bytes';
import { mutatedJsonText } from '../inputs/json';
import type { FuzzTarget } from '../target';

/** `prebuilt.json`, by which a package's addons are trusted. */
export const target: FuzzTarget = {
  runs: 2000,
  file: 'prebuilt.json',
  codes: [],
  seeds: () => [
    bytesOfText(
      JSON.stringify({
        schemaVersion: 1,
        tfjsNode: TFJS_NODE_VERSION,
        inputsSha256: buildInputsSha256(),
        compiler: 'c++ 13',
        files: Object.fromEntries(FILES.map((name) => [name, createHash('sha256').update(name).digest('hex')])),
      }),
    ),
  ],
  mutated: mutatedJsonText,
  prepare: (folder) => FILES.forEach((name) => writeFileSync(join(folder, name), name)),
  read: (folder) => checkPrebuilt(folder),
};
