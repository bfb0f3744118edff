import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { engineError } from '../../protocol/errors';
import { diskFull, isDiskFull } from './failure';
import type { Progress } from './progress';
import { findPip } from './python';
import { lastLines, runProgram } from '../runProgram';

// The libraries are the same in every Python's wheel, so one is named: the user's Python need not match. pip takes each
// platform by its name alone: that of TensorFlow's wheel and all older ones.
const PLATFORMS = Array.from({ length: 11 }, (_, i) => `manylinux_2_${27 - i}_x86_64`).concat('manylinux2014_x86_64');
const PLATFORM = [
  ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--abi', 'none'],
  ...PLATFORMS.flatMap((platform) => ['--platform', platform]),
  ...['--only-binary', ':all:'],
];

/** What is asked of pip, and about how many bytes it fetches. */
export interface PipDownload {
  readonly requirements: readonly string[];
  readonly approximateBytes: number;
  /** What the download is called while it goes on. */
  readonly title: string;
}

/**
 * Downloads wheels with pip into a folder and returns their paths. pip checks the hashes that its index gives.
 *
 * @throws engine-unavailable if there is no pip, no network or no such wheel
 */
export async function pipDownload(
  { requirements, approximateBytes, title }: PipDownload,
  folder: string,
  progress: Progress,
): Promise<string[]> {
  const pip = await findPip(progress.signal);
  if (!pip)
    throw engineError(
      'Fetching TensorFlow\'s wheel needs Python\'s pip, and none was found: install Python 3 with pip (on Debian: "apt install python3-pip").',
    );
  const [program = '', ...leading] = pip;
  await mkdir(folder, { recursive: true });
  // pip fills its temporary folder first: put it here, where there is room and the size can be watched.
  progress.report('download', title, 0, approximateBytes);
  const watch = setInterval(() => {
    void sizeOf(folder).then((bytes) => progress.report('download', title, Math.min(bytes, approximateBytes), approximateBytes));
  }, 500);
  try {
    const result = await runProgram(
      program,
      [
        ...leading,
        'download',
        '--no-deps',
        '--disable-pip-version-check',
        '--no-cache-dir',
        ...PLATFORM,
        '--dest',
        folder,
        ...requirements,
      ],
      { env: { ...process.env, TMPDIR: folder }, ...(progress.signal ? { signal: progress.signal } : {}) },
    );
    const output = result.stderr || result.stdout;
    if (isDiskFull(output)) throw diskFull(folder);
    const wheels = (await readdir(folder)).filter((name) => name.endsWith('.whl')).map((name) => join(folder, name));
    if (result.code === 0 && wheels.length > 0) return wheels;
    throw engineError(`pip could not download ${requirements.join(' ')}: ${lastLines(output)}`);
  } finally {
    clearInterval(watch);
  }
}

/** Bytes of a folder, each file counted once although pip downloads to one name and copies to another. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = new Map<string, number>();
  for (const name of names) {
    const info = await stat(join(folder, name)).catch(() => undefined);
    const base = name.split('/').at(-1) ?? name;
    if (info?.isFile()) sizes.set(base, Math.max(info.size, sizes.get(base) ?? 0));
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
