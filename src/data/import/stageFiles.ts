import { basename } from 'node:path';
import { dataError } from '../../protocol/errors';
import type { CifarDescription, IdxDescription } from '../../protocol/dataSets/description';
import type { DataSetName } from '../../protocol/words';
import { setFiles, type SetFile } from '../setFiles';
import type { ImportSource } from './source';
import type { Copied, Staging } from './staging';
import { wrongSetError } from './wrongSet';

/**
 * Copies the named files of a data set, as they are or packed with gzip, and holds them against the publisher's checksums.
 * @param unverified takes files whose checksum isn't the publisher's
 * @returns true where every needed file's checksum is the publisher's
 * @throws LabError `data-invalid` where a file is missing or isn't what its name says
 */
export async function stageFiles(
  name: DataSetName,
  description: CifarDescription | IdxDescription,
  source: ImportSource,
  staging: Staging,
  { unverified, onBytes, signal }: { unverified: boolean; onBytes: (count: number) => void; signal: AbortSignal },
): Promise<boolean> {
  const wanted = setFiles(description);
  const seen: string[] = [];
  const known = new Map<string, boolean>();
  await source.each(
    async (file) => {
      seen.push(file.path);
      const plain = basename(file.path).replace(/\.gz$/, '');
      const spec = wanted.find(({ names }) => names.includes(plain));
      if (!spec || known.has(spec.name)) return;
      const packed = file.path.endsWith('.gz');
      const copied = await staging.copy(file, packed ? `${spec.name}.gz` : spec.name);
      known.set(spec.name, isPublished(file.path, spec, packed, copied, unverified));
    },
    onBytes,
    signal,
  );
  const missing = wanted.find((file) => !file.optional && !known.has(file.name));
  if (missing) throw wrongSetError(name, description, source.path, seen, missing.name);
  return isPublishedArchive(description, source, unverified) || wanted.every((file) => file.optional || known.get(file.name));
}

/** @returns false where no checksum is known or another one is allowed */
function isPublished(path: string, spec: SetFile, packed: boolean, copied: Copied, unverified: boolean): boolean {
  const [kind, expected, found] = packed ? ['MD5', spec.gzMd5, copied.md5] : ['sha256', spec.sha256, copied.sha256];
  if (expected === undefined || expected === found) return expected !== undefined;
  if (unverified) return false;
  throw dataError(
    `${path} is not the published file: expected ${kind} ${expected}, found ${found}; get it again, or add --unverified to take it as it is.`,
  );
}

function isPublishedArchive(description: CifarDescription | IdxDescription, source: ImportSource, unverified: boolean): boolean {
  if (description.kind !== 'cifar') return false;
  const { name, md5: expected } = description.archive;
  const found = source.md5();
  if (found === expected) return true;
  if (found !== null && basename(source.path) === name && !unverified)
    throw dataError(
      `${source.path} is not the published archive: expected MD5 ${expected}, found ${found}; get it again, or add --unverified to take it as it is.`,
    );
  return false;
}
