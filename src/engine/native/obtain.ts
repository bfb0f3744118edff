import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { engineError } from '../../protocol/errors';
import { assertRoom } from './failure';
import { fileSha256 } from './fileSha256';
import { LIBRARIES } from './manifest';
import { pipDownload } from './pip';
import type { Progress } from './progress';
import { findPythonTensorflow } from './python';
import { installTarball, type Tarball } from './tarball';
import { WHEELS, unpackTensorflow, wheelVersion } from './wheel';

/** A libtensorflow in an engine's folder: `lib/` holds the libraries or links to them, `include/` the C headers. */
export interface Libtensorflow {
  readonly version: string;
  /** Where it came from, in words. */
  readonly source: string;
  /** sha256 of the wheel, where it came from one. */
  readonly wheelSha256?: string;
  /** The wheel itself, inside the engine's folder or where the user has it. */
  readonly wheel?: string;
}

/** A place that libtensorflow may come from. */
export interface Source {
  /** Lays libtensorflow out in a folder. Throws engine-unavailable, with what is missing, if it can't be had here. */
  obtain(folder: string, progress: Progress): Promise<Libtensorflow>;
}

/** A wheel that the user gives. */
export const givenWheel = (wheel: string): Source => ({ obtain: (folder, progress) => fromWheel(wheel, folder, progress) });

/** A TensorFlow in the user's Python: only links are made, nothing is copied. */
export const pythonSource = (device: 'cpu' | 'gpu', hasGpu: boolean): Source => ({
  async obtain(folder, progress) {
    progress.report('find', 'Looking for a TensorFlow in your Python');
    const python = await findPythonTensorflow(progress.signal);
    if (!python) throw engineError('Your Python has no TensorFlow 2.15 or newer.');
    // The GPU's TensorFlow would use a GPU that it finds; the CPU's has no kernels for one.
    const serves = python.distribution === 'tensorflow' ? device === 'gpu' || !hasGpu : device === 'cpu';
    if (!serves) throw engineError(`The ${python.distribution} in your Python is not the one for the ${device.toUpperCase()}.`);
    await mkdir(join(folder, 'lib'), { recursive: true });
    for (const name of LIBRARIES) await symlink(join(python.folder, name), join(folder, 'lib', name));
    await symlink(join(python.folder, 'include'), join(folder, 'include'));
    // TensorFlow looks for NVIDIA's libraries in the folder beside its own.
    const nvidia = join(dirname(python.folder), 'nvidia');
    if (existsSync(nvidia)) await symlink(nvidia, join(folder, 'nvidia'));
    return { version: python.version, source: `Python package ${python.distribution} in ${python.folder}` };
  },
});

/** TensorFlow's wheel, fetched by pip. */
export const pipSource = (device: 'cpu' | 'gpu'): Source => ({
  async obtain(folder, progress) {
    const { requirement, approximateBytes, libraryBytes } = WHEELS[device];
    await assertRoom(folder, approximateBytes + libraryBytes);
    const download = { requirements: [requirement], approximateBytes, title: `Downloading ${requirement}` };
    const [wheel = ''] = await pipDownload(download, join(folder, WHEEL_FOLDER), progress);
    return fromWheel(wheel, folder, progress);
  },
});

/** The archive that tfjs-node's own installer would fetch; it needs no Python. */
export const tarballSource = (tarball: Tarball): Source => ({
  async obtain(folder, progress) {
    await installTarball(tarball, folder, progress);
    return { version: tarball.version, source: `libtensorflow ${tarball.version} from ${tarball.url}` };
  },
});

/** Where a downloaded wheel lies until the installation ends. */
export const WHEEL_FOLDER = 'wheel';

async function fromWheel(wheel: string, folder: string, progress: Progress): Promise<Libtensorflow> {
  const version = wheelVersion(wheel);
  await unpackTensorflow(wheel, folder, progress);
  return { version, source: `wheel ${basename(wheel)}`, wheelSha256: await fileSha256(wheel), wheel };
}
