import { MANIFEST_FILE, readManifest } from '../../../src/data/dataFolder';
import { importManifestSchema } from '../../../src/protocol/importManifest';
import { bytesOfText } from '../inputs/bytes';
import { mutatedJsonText } from '../inputs/json';
import type { FuzzTarget } from '../target';

const manifest = importManifestSchema.parse({
  schemaVersion: 1,
  name: 'cifar100',
  from: '/downloads/cifar-100-binary.tar.gz',
  importedAt: '2025-11-24T08:00:00.000Z',
  verified: 'published',
  sha256: 'a'.repeat(64),
  classes: 100,
  trainImages: 50_000,
  testImages: 10_000,
});

/** One that can't be read is as good as none. */
export const target: FuzzTarget = {
  runs: 5000,
  file: MANIFEST_FILE,
  codes: [],
  seeds: () => [bytesOfText(JSON.stringify(manifest))],
  mutated: mutatedJsonText,
  read: (folder) => readManifest(folder),
};
