import { createHash } from 'node:crypto';
import { CHECKSUM_FIELD, hasChecksumField, NO_CHECKSUM } from '../protocol/checksumField';
import { runError, type LabError } from '../protocol/errors';
import type { TensorData } from './dtypes';
import { encodeSafetensors } from './encodeSafetensors';
import { headerOf, readFully, withFile } from './readSafetensors';
import { LENGTH_BYTES, parseHeaderLength, type SafetensorsHeader } from './safetensorsHeader';

/** As much of a file is read at a time. */
const CHUNK_BYTES = 1 << 20;

/** The parts of a safetensors file, as `encodeSafetensors` gives them, with their checksum in the metadata. */
export function encodeWithChecksum(tensors: ReadonlyMap<string, TensorData>, metadata: Readonly<Record<string, string>>): Uint8Array[] {
  const parts = encodeSafetensors(tensors, { ...metadata, [CHECKSUM_FIELD]: NO_CHECKSUM });
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const header = Buffer.from(parts[0] as Uint8Array);
  header.write(hash.digest('hex'), header.indexOf(`"${CHECKSUM_FIELD}":"${NO_CHECKSUM}"`) + CHECKSUM_FIELD.length + 4);
  return [header, ...parts.slice(1)];
}

/** A JSON text with its checksum in place of the last {@link NO_CHECKSUM}, where it has that. */
export function withChecksum(json: string): string {
  const at = json.lastIndexOf(`"${NO_CHECKSUM}"`);
  return at < 0 ? json : `${json.slice(0, at + 1)}${digestOf(json)}${json.slice(at + 1 + NO_CHECKSUM.length)}`;
}

/** Is a JSON text the one that its checksum is of? */
export const hasChecksum = (json: string, checksum: string): boolean => digestOf(json.replace(checksum, NO_CHECKSUM)) === checksum;

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Checks every bit of a file against the checksum that it carries. One without is of an earlier version, or another program's.
 * @returns its metadata
 * @throws LabError `run-folder` where they differ, or it is no safetensors file.
 */
export const assertChecksum = (path: string): Promise<SafetensorsHeader['metadata']> =>
  withFile(path, async (file) => {
    const { fileBytes, metadata } = await headerOf(file, path);
    if (!hasChecksumField(metadata)) return metadata;
    const digest = metadata[CHECKSUM_FIELD];
    const prefix = Buffer.alloc(LENGTH_BYTES);
    await readFully(file, prefix, 0, path);
    const header = Buffer.alloc(LENGTH_BYTES + parseHeaderLength(prefix, fileBytes, path));
    await readFully(file, header, 0, path);
    const at = header.indexOf(`"${CHECKSUM_FIELD}":"${digest}"`);
    if (at >= 0) header.write(NO_CHECKSUM, at + CHECKSUM_FIELD.length + 4);
    const hash = createHash('sha256').update(header);
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let done = header.byteLength; done < fileBytes; done += chunk.byteLength) {
      const part = chunk.subarray(0, Math.min(chunk.byteLength, fileBytes - done));
      await readFully(file, part, done, path);
      hash.update(part);
    }
    if (hash.digest('hex') !== digest) throw damaged(path);
    return metadata;
  });

/**
 * A file of a phase says of which.
 * @param said as the file has it; undefined in one that says nothing
 * @throws LabError `run-folder` where it is another's than the folder that it lies in
 */
export function assertPhase(path: string, said: string | number | undefined, phase: number): void {
  const own = Number(said);
  if (Number.isInteger(own) && own !== phase)
    throw runError(`${path} is the file of phase ${own}, not of phase ${phase}; restore it from a copy.`);
}

/** A file whose content changed after it was written. */
export const damaged = (path: string): LabError =>
  runError(`${path} is damaged: its content does not have the checksum that it was written with; restore it from a copy.`);
