import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertRoom } from './failure';
import { pipDownload } from './pip';
import type { Progress } from './progress';
import { readMetadata, unpackWheel } from './wheel';

/** About what NVIDIA's wheels take, in bytes: to fetch them, and with their unpacked libraries. */
const DOWNLOAD_BYTES = 2_700_000_000;
const ROOM_BYTES = 7_500_000_000;

/**
 * The CUDA libraries that a TensorFlow wheel names in its extra `and-cuda`, such as `nvidia-cublas-cu12<13.0,>=12.5.3.2`,
 * without the compiler, which is for XLA alone.
 * @param metadata the wheel's METADATA (Python's core metadata)
 */
export function cudaRequirements(metadata: string): string[] {
  const lines = metadata.matchAll(/^Requires-Dist: ([^;\n]+?)\s*;\s*extra == ["']and-cuda["']\s*$/gm);
  const requirements = Array.from(lines, ([, requirement = '']) => requirement.replace(/\s+/g, ''));
  return requirements.filter((requirement) => !requirement.startsWith('nvidia-cuda-nvcc'));
}

/**
 * Fetches NVIDIA's wheels and unpacks their libraries to `folder/nvidia/…/lib`, where the libtensorflow in `folder/lib`
 * looks for them (`$ORIGIN/../nvidia/…/lib` stands in it).
 *
 * @param wheel TensorFlow's wheel
 */
export async function installCudaLibraries(wheel: string, folder: string, progress: Progress): Promise<void> {
  const requirements = cudaRequirements((await readMetadata(wheel)) ?? '');
  if (requirements.length === 0) return;
  await assertRoom(folder, ROOM_BYTES);
  const downloads = join(folder, 'cuda-wheels');
  const title = "Downloading NVIDIA's CUDA libraries";
  const wheels = await pipDownload({ requirements, approximateBytes: DOWNLOAD_BYTES, title }, downloads, progress);
  for (const file of wheels) {
    await unpackWheel(file, folder, progress, 'Unpacking the CUDA libraries', cudaTarget);
    await rm(file);
  }
  await rm(downloads, { recursive: true, force: true });
}

function cudaTarget(name: string): string | undefined {
  return /^nvidia\/[^/]+\/lib\/[^/]+\.so[.\d]*$/.test(name) ? name : undefined;
}
