import { z } from 'zod';
import { DATA_SETS } from './words';

/**
 * `data-set.json`: what is noted of an imported data set. Verified as `published`: every checksum is the publisher's; as `form`: no checksum is
 * known of what was imported, but sizes, labels and counts are right.
 */
export const importManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.enum(DATA_SETS),
  /** What it was imported from. */
  from: z.string(),
  importedAt: z.iso.datetime(),
  verified: z.enum(['published', 'form']),
  /** sha256 over the data, as in a run's fingerprint of the complete set. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  classes: z.int().min(2),
  trainImages: z.int().min(1),
  testImages: z.int().min(1),
});
export type ImportManifest = z.infer<typeof importManifestSchema>;
