/** The field of a JSON file, or of a safetensors file's metadata, that holds its checksum: sha256 of the file with zeros for these 64 digits. */
export const CHECKSUM_FIELD = 'sha256';
/** What stands there until the checksum is known. */
export const NO_CHECKSUM = '0'.repeat(64);

/** Does a file carry a checksum by its metadata? One of an earlier version doesn't; what another program means by that name may be something else. */
export const hasChecksumField = (metadata: Readonly<Record<string, string>>): boolean =>
  metadata[CHECKSUM_FIELD]?.length === NO_CHECKSUM.length;
