import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { engineError } from '../../protocol/errors';
import { LIBRARIES } from './manifest';
import { findPip } from './python';
import type { Progress } from './progress';
import { lastLines, runProgram } from './run';
import { extractMember, listZip, type ZipMember } from './zip';

/** What is asked of pip, and about how many bytes it fetches. */
export const WHEELS = {
  cpu: { requirement: 'tensorflow-cpu==2.21.0', approximateBytes: 274_000_000 },
  gpu: { requirement: 'tensorflow==2.21.0', approximateBytes: 620_000_000 },
} as const;

// The library is the same in every Python's wheel, so one is named: the user's Python need not match.
const PLATFORM = [
  '--python-version',
  '3.11',
  '--implementation',
  'cp',
  '--abi',
  'cp311',
  '--platform',
  'manylinux_2_27_x86_64',
  '--only-binary',
  ':all:',
];

/**
 * Downloads TensorFlow's wheel with pip into a folder and returns its path. Throws engine-unavailable if
 * there is no pip, no network or no such wheel.
 */
export async function downloadWheel(device: 'cpu' | 'gpu', folder: string, progress: Progress): Promise<string> {
  const { requirement, approximateBytes } = WHEELS[device];
  const pip = await findPip(progress.signal);
  if (!pip) {
    throw engineError(
      'Installing the native engine needs Python\'s pip, and none was found. Install Python 3 with pip (on Debian: "apt install python3-pip"), or use the wasm engine.',
    );
  }
  const [program = '', ...leading] = pip;
  await mkdir(folder, { recursive: true });
  // pip fills its temporary folder first: put it here, where there is room and the size can be watched.
  const watch = setInterval(() => {
    void largestFile(folder).then((bytes) =>
      progress.report('download', `Downloading ${requirement}`, Math.min(bytes, approximateBytes), approximateBytes),
    );
  }, 500);
  try {
    const result = await runProgram(
      program,
      [...leading, 'download', '--no-deps', '--disable-pip-version-check', '--no-cache-dir', ...PLATFORM, '--dest', folder, requirement],
      {
        env: { ...process.env, TMPDIR: folder },
        ...(progress.signal ? { signal: progress.signal } : {}),
      },
    );
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (result.code === 0 && wheel) return join(folder, wheel);
    throw engineError(
      `pip could not download ${requirement} for the native engine: ${lastLines(result.stderr || result.stdout)} Check the network (pip's index and proxy settings are used) and the room on the disk, or download the wheel elsewhere and pass it with --from-wheel.`,
    );
  } finally {
    clearInterval(watch);
  }
}

/** TensorFlow's version from a wheel's file name. Throws engine-unavailable for what isn't its wheel for Linux x64. */
export function wheelVersion(file: string): string {
  const match = /^tensorflow(?:_cpu)?-(\d+\.\d+\.\d+)[^-]*-.*manylinux.*x86_64\.whl$/.exec(basename(file));
  if (!match?.[1])
    throw engineError(
      `${file} is not a TensorFlow wheel for Linux x64. Pass one named like tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl.`,
    );
  return match[1];
}

/** Unpacks the libraries to `folder/lib` and the C headers to `folder/include`, nothing else. */
export async function unpackWheel(wheel: string, folder: string, progress: Progress): Promise<void> {
  const wanted = (await listZip(wheel)).flatMap((member) => {
    const target = targetOf(member);
    return target ? [{ member, target }] : [];
  });
  const missing = LIBRARIES.find((name) => !wanted.some(({ target }) => target === `lib/${name}`));
  if (missing) throw engineError(`${wheel} has no ${missing} in it. Pass a TensorFlow wheel of version 2.15 or newer.`);
  const totalBytes = wanted.reduce((sum, { member }) => sum + member.size, 0);
  let doneBytes = 0;
  for (const { member, target } of wanted) {
    const onBytes = (count: number): void => progress.report('unpack', 'Unpacking libtensorflow', (doneBytes += count), totalBytes);
    await extractMember(wheel, member, folder, target, { onBytes, ...(progress.signal ? { signal: progress.signal } : {}) });
  }
}

/** sha256 of a file, in hex. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Where a member goes, undefined if it isn't needed. Of 15 000 members some fifty are. */
function targetOf({ name }: ZipMember): string | undefined {
  const library = LIBRARIES.find((file) => name === `tensorflow/${file}`);
  if (library) return `lib/${library}`;
  const header =
    /^tensorflow\/(include\/(?:tensorflow\/c\/|tensorflow\/core\/platform\/ctstring|(?:.*\/)?tsl\/platform\/ctstring|(?:.*\/)?tsl\/c\/).*\.h)$/.exec(
      name,
    );
  return header?.[1];
}

/** pip downloads to one name and copies to another, so sizes must not be summed. */
async function largestFile(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (info) => (info.isFile() ? info.size : 0),
      () => 0,
    ),
  );
  return Math.max(0, ...(await Promise.all(sizes)));
}
