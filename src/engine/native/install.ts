import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { LabError, engineError } from '../../protocol/errors';
import { TFJS_NODE_VERSION } from '../versions';
import { buildBinding } from './binding';
import { enginesFolder } from './cacheFolder';
import { checkLoads } from './check';
import {
  BINDING_FILE,
  LIBRARIES,
  MANIFEST_FILE,
  STAGING_PREFIX,
  readInstalled,
  type EngineManifest,
  type InstalledEngine,
} from './manifest';
import { assertSupportedPlatform } from './platform';
import { Progress, type InstallProgress } from './progress';
import { findPythonTensorflow } from './python';
import { downloadWheel, sha256, unpackWheel, wheelVersion } from './wheel';
import { isRunning } from '../../store/isRunning';

export interface InstallOptions {
  /** A TensorFlow wheel on the disk, to use instead of looking for one. */
  readonly fromWheel?: string;
  /** Use the GPU's TensorFlow. By default: if nvidia-smi runs. */
  readonly gpu?: boolean;
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
  /** Where engines live; by default the user's cache folder. */
  readonly root?: string;
}

/** Where libtensorflow is, found or unpacked. */
interface Libtensorflow {
  readonly version: string;
  readonly source: string;
  readonly wheelSha256?: string;
  /** Absolute folder of the libraries, and what the manifest and the addon call it. */
  readonly libraries: string;
  readonly recorded: string;
  readonly rpath: string;
  readonly include: string;
}

/**
 * Installs the native engine: libtensorflow from a given wheel, else from the user's Python, else from the
 * wheel that pip fetches; then the Node addon, built and loaded once for proof. It is filled in a staging
 * folder and renamed, so that an engine's folder is complete or absent.
 *
 * @throws engine-unavailable with the remedy; the signal's reason when aborted
 */
export async function installNative(options: InstallOptions = {}): Promise<InstalledEngine> {
  assertSupportedPlatform();
  const root = options.root ?? enginesFolder();
  const progress = new Progress(options.onProgress, options.signal);
  const device = (options.gpu ?? (await hasNvidiaGpu())) ? 'gpu' : 'cpu';
  await removeAbandoned(root);
  const staging = join(root, `${STAGING_PREFIX}${process.pid}-${Date.now()}`);
  try {
    await mkdir(staging, { recursive: true });
    const tensorflow = await obtain(options.fromWheel, device, staging, progress);
    const binding = join(staging, BINDING_FILE);
    progress.report('build', `Building the binding to TensorFlow ${tensorflow.version}`);
    await buildBinding({ folder: staging, ...tensorflow, signal: options.signal });
    progress.report('check', 'Loading it once');
    await checkLoads(binding, options.signal);
    await rm(join(staging, 'wheel'), { recursive: true, force: true });
    await writeFile(join(staging, MANIFEST_FILE), `${JSON.stringify(await describe(tensorflow, device, binding), null, 2)}\n`);
    const folder = join(root, `native-${tensorflow.version}-${process.platform}-${process.arch}-${device}`);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    const installed = readInstalled(folder);
    if (!installed) throw engineError(`The native engine in ${folder} is not complete although its installation ended. Install it again.`);
    progress.report('done', `TensorFlow ${tensorflow.version} is installed`);
    return installed;
  } catch (error) {
    throw asInstallError(error, root, options.signal);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function obtain(fromWheel: string | undefined, device: 'cpu' | 'gpu', staging: string, progress: Progress): Promise<Libtensorflow> {
  if (fromWheel === undefined) {
    progress.report('find', 'Looking for a TensorFlow in your Python');
    const python = await findPythonTensorflow(progress.signal);
    if (python && (device === 'cpu' || python.distribution === 'tensorflow')) {
      const { folder, version } = python;
      return {
        version,
        source: `Python package ${python.distribution} in ${folder}`,
        libraries: folder,
        recorded: folder,
        rpath: folder,
        include: join(folder, 'include'),
      };
    }
  }
  const wheel = fromWheel ?? (await downloadWheel(device, join(staging, 'wheel'), progress));
  const version = wheelVersion(wheel);
  await unpackWheel(wheel, staging, progress);
  const libraries = join(staging, 'lib');
  return {
    version,
    source: `wheel ${basename(wheel)}`,
    wheelSha256: await sha256(wheel),
    libraries,
    recorded: 'lib',
    rpath: '$ORIGIN/lib',
    include: join(staging, 'include'),
  };
}

async function describe(tensorflow: Libtensorflow, device: 'cpu' | 'gpu', binding: string): Promise<EngineManifest> {
  const sizes = await Promise.all(LIBRARIES.map(async (name) => [name, (await stat(join(tensorflow.libraries, name))).size] as const));
  return {
    schemaVersion: 1,
    tensorflow: tensorflow.version,
    tfjsNode: TFJS_NODE_VERSION,
    platform: process.platform,
    arch: process.arch,
    device,
    source: tensorflow.source,
    ...(tensorflow.wheelSha256 === undefined ? {} : { wheelSha256: tensorflow.wheelSha256 }),
    libraries: tensorflow.recorded,
    librarySizes: Object.fromEntries(sizes),
    bindingSha256: await sha256(binding),
    installedAt: new Date().toISOString(),
  };
}

async function hasNvidiaGpu(): Promise<boolean> {
  return promisify(execFile)('nvidia-smi', ['-L'], { timeout: 10_000 }).then(
    ({ stdout }) => stdout.includes('GPU'),
    () => false,
  );
}

/** Staging folders of installations whose process is gone. */
async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    if (!name.startsWith(STAGING_PREFIX)) continue;
    const pid = Number(name.slice(STAGING_PREFIX.length).split('-')[0]);
    if (!isRunning(pid)) await rm(join(root, name), { recursive: true, force: true });
  }
}

function asInstallError(error: unknown, root: string, signal: AbortSignal | undefined): unknown {
  if (error instanceof LabError || signal?.aborted) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC')
    return engineError(
      `The disk of ${root} is full; the native engine needs 1.2 GB there while it installs. Make room, or set MNEMONICS_CACHE to a folder on another disk.`,
      { cause: error },
    );
  if (code === 'EACCES' || code === 'EROFS')
    return engineError(`The folder ${root} can't be written to. Set MNEMONICS_CACHE to a folder that can.`, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return engineError(`The native engine could not be installed: ${message}. Try again, or use the wasm engine.`, { cause: error });
}
