import { basename } from 'node:path';
import { LabError, engineError } from '../../protocol/errors';
import { assertRoom } from './failure';
import { LIBRARIES } from './manifest';
import type { Progress } from './progress';
import { extractEntry, readEntry, withZip, type OpenZip } from './zip';

/** TensorFlow's wheels: what is asked of pip, about how many bytes it fetches, and the libraries' own size. */
export const WHEELS = {
  cpu: { requirement: 'tensorflow-cpu==2.21.0', approximateBytes: 274_000_000, libraryBytes: 854_000_000 },
  gpu: { requirement: 'tensorflow==2.21.0', approximateBytes: 573_000_000, libraryBytes: 1_260_000_000 },
} as const;

/** TensorFlow's version from a wheel's file name. Throws engine-unavailable for what isn't its wheel for Linux x64. */
export function wheelVersion(file: string): string {
  const name = basename(file);
  const [, version, platform] = /^tensorflow(?:_cpu)?-(\d+\.\d+\.\d+)[^-]*-.*-([^-]+)\.whl$/.exec(name) ?? [];
  const example = 'pass one named like tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl.';
  if (!version || !platform) throw engineError(`${file} is not a TensorFlow wheel for Linux x64; ${example}`);
  if (!/manylinux.*x86_64$/.test(platform))
    throw engineError(`${file} is a wheel for another platform, ${platform}; the native engine runs on Linux x64; ${example}`);
  return version;
}

/** Unpacks the libraries to `folder/lib` and the C headers to `folder/include`, nothing else. */
export async function unpackTensorflow(wheel: string, folder: string, progress: Progress): Promise<void> {
  await unpackWheel(wheel, folder, progress, 'Unpacking libtensorflow', tensorflowTarget, (targets) => {
    const missing = LIBRARIES.find((name) => !targets.includes(`lib/${name}`));
    if (missing) throw engineError(`${wheel} has no ${missing} in it; pass a TensorFlow wheel of version 2.15 or newer.`);
  });
}

/**
 * Unpacks chosen members and checks each against the wheel's own list of sha256 checksums, RECORD.
 * @param targetOf where a member goes, relative to the folder; undefined leaves it out
 * @param check sees all targets before anything is written
 * @throws engine-unavailable if the wheel is damaged, or a member is not what RECORD says
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  progress: Progress,
  message: string,
  targetOf: (name: string) => string | undefined,
  check?: (targets: readonly string[]) => void,
): Promise<void> {
  await withWheel(wheel, async (zip) => {
    const wanted = zip.entries.flatMap((entry) => {
      const target = targetOf(entry.fileName);
      return target === undefined ? [] : [{ entry, target }];
    });
    check?.(wanted.map(({ target }) => target));
    const totalBytes = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    await assertRoom(folder, totalBytes);
    const record = await readRecord(zip, wheel);
    let doneBytes = 0;
    for (const { entry, target } of wanted) {
      const onBytes = (count: number): void => progress.report('unpack', message, (doneBytes += count), totalBytes);
      const options = { onBytes, ...(progress.signal ? { signal: progress.signal } : {}) };
      const digest = await extractEntry(zip, entry, folder, target, options);
      if (record.get(entry.fileName) !== digest)
        throw engineError(
          `${wheel} is damaged: ${entry.fileName} doesn't have the sha256 that the wheel's RECORD gives; download the wheel again.`,
        );
    }
  });
}

/** sha256 in base64url by member name, from lines such as `tensorflow/a.so,sha256=Wkl…,1234` (PyPA's binary distribution format). */
async function readRecord(zip: OpenZip, wheel: string): Promise<ReadonlyMap<string, string>> {
  const text = await readInfo(zip, 'RECORD');
  if (text === undefined) throw engineError(`${wheel} has no RECORD of checksums in it, so it is no complete wheel; download it again.`);
  return new Map(Array.from(text.matchAll(/^(.+),sha256=([\w-]+),\d+\r?$/gm), ([, name = '', digest = '']) => [name, digest]));
}

/** A wheel's METADATA (Python's core metadata); undefined where it has none. @throws engine-unavailable if the wheel is damaged */
export const readMetadata = (wheel: string): Promise<string | undefined> => withWheel(wheel, (zip) => readInfo(zip, 'METADATA'));

/** A text of the wheel's `.dist-info` folder. */
async function readInfo(zip: OpenZip, name: 'RECORD' | 'METADATA'): Promise<string | undefined> {
  const path = new RegExp(`^[^/]+\\.dist-info/${name}$`);
  const entry = zip.entries.find(({ fileName }) => path.test(fileName));
  return entry && (await readEntry(zip, entry));
}

/** What a zip file's reader or zlib says of a wheel's content is told with a remedy; what the disk or a cancellation says, as it is. */
const withWheel = <T>(wheel: string, use: (zip: OpenZip) => Promise<T>): Promise<T> =>
  withZip(wheel, use).catch((error: unknown) => {
    const { code, name, message } = error as NodeJS.ErrnoException;
    if (error instanceof LabError || name === 'AbortError' || (code !== undefined && !code.startsWith('Z_'))) throw error;
    throw engineError(`${wheel} is damaged or cut short: ${message.replace(/\.$/, '')}; download the wheel again.`, { cause: error });
  });

/** Of 15 000 members some fifty are needed. */
function tensorflowTarget(name: string): string | undefined {
  const library = LIBRARIES.find((file) => name === `tensorflow/${file}`);
  if (library) return `lib/${library}`;
  const header =
    /^tensorflow\/(include\/(?:tensorflow\/c\/|tensorflow\/core\/platform\/ctstring|(?:.*\/)?tsl\/platform\/ctstring|(?:.*\/)?tsl\/c\/).*\.h)$/.exec(
      name,
    );
  return header?.[1];
}
