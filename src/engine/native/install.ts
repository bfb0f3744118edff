import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, engineError } from '../../protocol/errors';
import { TFJS_NODE_VERSION } from '../versions';
import { buildBinding, findCompiler, noCompiler } from './binding';
import { enginesFolder } from '../cacheFolder';
import { checkLoads } from './check';
import { installCudaLibraries } from './cuda';
import { MachineProblem, asInstallError, makeRoot } from './failure';
import { fileSha256 } from './fileSha256';
import { chooseDevice, findNvidiaGpu } from './gpu';
import {
  BINDING_FILE,
  CONVOLUTIONS_FILE,
  LIBRARIES,
  MANIFEST_FILE,
  readInstalled,
  type EngineManifest,
  type InstalledEngine,
} from './manifest';
import { WHEEL_FOLDER, givenWheel, pipSource, pythonSource, tarballSource, type Libtensorflow, type Source } from './obtain';
import { assertSupportedPlatform } from './platform';
import { checkPrebuilt, copyPrebuilt, prebuiltFolder, type Prebuilt } from './prebuilt';
import { Progress, type InstallProgress } from './progress';
import { moveIntoPlace, removeAbandoned, stagingFolder } from './staging';
import { publishedTarball, type Tarball } from './tarball';

export interface InstallOptions {
  /** A TensorFlow wheel on the disk, to use instead of looking for one. */
  readonly from?: string;
  /** By default the GPU, if nvidia-smi finds one whose driver serves. */
  readonly device?: 'cpu' | 'gpu';
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
  /** Where engines live; by default the user's cache folder. */
  readonly root?: string;
  /** Where prebuilt addons lie; by default in the package. */
  readonly prebuilt?: string;
  /** The archive to take where there is neither a TensorFlow nor pip; by default the published one. */
  readonly tarball?: Tarball;
}

/**
 * Installs the native engine: libtensorflow from a given wheel, else from the user's Python, else from the
 * wheel that pip fetches, else from the archive of tfjs-node's own installer; then the Node addon, prebuilt or built here, and
 * loaded once for proof. It is filled in a staging folder and renamed, so that an engine's folder is complete or absent.
 *
 * @throws engine-unavailable with the remedy; the signal's reason when aborted
 */
export async function installNative(options: InstallOptions = {}): Promise<InstalledEngine> {
  assertSupportedPlatform();
  const { signal } = options;
  const root = options.root ?? enginesFolder();
  const progress = new Progress(options.onProgress, signal);
  try {
    const gpu = await findNvidiaGpu(signal);
    const { device, notice } = chooseDevice(options.device, gpu);
    if (notice) progress.report('notice', notice);
    // Asked before anything is fetched: without an addon all of it would be in vain.
    const prebuilt = checkPrebuilt(options.prebuilt ?? prebuiltFolder());
    if (!prebuilt.usable && (await findCompiler(signal)) === undefined) throw noCompiler(prebuilt.reason);
    await makeRoot(root);
    await removeAbandoned(root);
    const hasGpu = gpu !== undefined;
    const sources = options.from === undefined ? sourcesFor(device, hasGpu, options.tarball) : [givenWheel(options.from)];
    return await firstThatWorks(sources, (source) => installFrom(source, { root, device, hasGpu, prebuilt, progress }));
  } catch (error) {
    signal?.throwIfAborted();
    throw asInstallError(error, root);
  }
}

const sourcesFor = (device: 'cpu' | 'gpu', hasGpu: boolean, tarball = publishedTarball(device)): readonly Source[] => [
  pythonSource(device, hasGpu),
  pipSource(device),
  tarballSource(tarball),
];

/** What one source lacks, another may have; a disk that is full stays full. */
async function firstThatWorks<T>(sources: readonly Source[], install: (source: Source) => Promise<T>): Promise<T> {
  const [only] = sources;
  if (sources.length === 1 && only) return install(only);
  const reasons: string[] = [];
  for (const source of sources) {
    try {
      return await install(source);
    } catch (error) {
      if (!(error instanceof LabError) || error instanceof MachineProblem) throw error;
      reasons.push(error.message.replace(/\.?$/, '.'));
    }
  }
  throw engineError(
    `No TensorFlow could be had for the native engine. ${reasons.join(' ')} Look at the network and pip's settings, or download the wheel elsewhere and pass it with --from FILE.whl; the wasm engine needs none of it.`,
  );
}

interface Place {
  readonly root: string;
  readonly device: 'cpu' | 'gpu';
  readonly hasGpu: boolean;
  readonly prebuilt: Prebuilt;
  readonly progress: Progress;
}

async function installFrom(source: Source, place: Place): Promise<InstalledEngine> {
  const { root, device, progress } = place;
  const staging = stagingFolder(root);
  try {
    await mkdir(staging);
    const tensorflow = await source.obtain(staging, progress);
    const manifest = await finish(staging, tensorflow, place);
    progress.signal?.throwIfAborted();
    const folder = join(root, `native-${tensorflow.version}-${process.platform}-${process.arch}-${device}`);
    await moveIntoPlace(staging, folder);
    const installed = readInstalled(folder);
    if (!installed) throw engineError(`The native engine in ${folder} is not complete although its installation ended. Install it again.`);
    progress.report('done', `TensorFlow ${manifest.tensorflow} is installed`);
    return installed;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** What libtensorflow lacks to be an engine: the addon, NVIDIA's libraries where they are missing, the manifest. */
async function finish(folder: string, tensorflow: Libtensorflow, { device, hasGpu, prebuilt, progress }: Place): Promise<EngineManifest> {
  if (prebuilt.usable) {
    progress.report('build', 'Taking the prebuilt binding');
    await copyPrebuilt(prebuilt.folder, folder);
  } else {
    progress.report('build', `Building the binding to TensorFlow ${tensorflow.version}`);
    await buildBinding({ folder, include: join(folder, 'include'), signal: progress.signal });
  }
  progress.report('check', 'Loading it once');
  let { usesGpu, withoutConvolutions } = await checkLoads(folder, progress.signal);
  if (device === 'gpu' && !usesGpu && hasGpu && tensorflow.wheel !== undefined) {
    await installCudaLibraries(tensorflow.wheel, folder, progress).catch(noticeOf(progress));
    ({ usesGpu, withoutConvolutions } = await checkLoads(folder, progress.signal));
  }
  if (withoutConvolutions !== undefined)
    progress.report('notice', `TensorFlow's own convolutions will be used, which are slower: ${withoutConvolutions}`);
  if (device === 'gpu' && !usesGpu)
    progress.report(
      'notice',
      `TensorFlow finds no GPU that it can use here and runs on the CPU; NVIDIA's driver, and CUDA and cuDNN of the versions that TensorFlow ${tensorflow.version} was built for, must be there (python3 -m pip install "tensorflow[and-cuda]" brings the last two)`,
    );
  await rm(join(folder, WHEEL_FOLDER), { recursive: true, force: true });
  const manifest = await describe(folder, tensorflow, device, prebuilt.usable);
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Without NVIDIA's libraries the engine still runs, on the CPU; a disk that is too small for them ends the installation. */
const noticeOf =
  (progress: Progress) =>
  (error: unknown): void => {
    if (progress.signal?.aborted || !(error instanceof LabError) || error instanceof MachineProblem) throw error;
    progress.report('notice', error.message.replace(/\.$/, ''));
  };

async function describe(folder: string, tensorflow: Libtensorflow, device: 'cpu' | 'gpu', prebuilt: boolean): Promise<EngineManifest> {
  const sizes = await Promise.all(LIBRARIES.map(async (name) => [name, (await stat(join(folder, 'lib', name))).size] as const));
  const { version, source, wheelSha256 } = tensorflow;
  return {
    schemaVersion: 1,
    tensorflow: version,
    tfjsNode: TFJS_NODE_VERSION,
    platform: process.platform,
    arch: process.arch,
    device,
    source,
    ...(wheelSha256 === undefined ? {} : { wheelSha256 }),
    libraries: 'lib',
    librarySizes: Object.fromEntries(sizes),
    bindingSha256: await fileSha256(join(folder, BINDING_FILE)),
    convolutionsSha256: await fileSha256(join(folder, CONVOLUTIONS_FILE)),
    binding: prebuilt ? 'prebuilt' : 'built here',
    installedAt: new Date().toISOString(),
  };
}
