import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { foldersIn, isImageName } from '../images/listImages';
import type { ImportSource } from './source';
import type { Staging } from './staging';

/**
 * Copies the images of a tree.
 * @returns the folder that is the tree: an archive may have everything in one folder
 */
export async function stageImages(
  source: ImportSource,
  staging: Staging,
  { onBytes, signal }: { onBytes: (count: number) => void; signal: AbortSignal },
): Promise<string> {
  await source.each(
    async (file) => {
      const hidden = file.path.split('/').some((step) => step.startsWith('.') || step === '__MACOSX');
      if (!hidden && isImageName(file.path)) await staging.copy(file);
    },
    onBytes,
    signal,
  );
  return rootOf(staging.files);
}

/** Down through folders that have nothing but one folder, as long as that one has folders itself. */
function rootOf(folder: string): string {
  const [only, ...others] = readdirSync(folder);
  if (only === undefined || others.length > 0 || only === 'train') return folder;
  const inner = join(folder, only);
  return foldersIn(inner).length > 0 ? rootOf(inner) : folder;
}
