import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../store/parseJson';
import { readTextSync, SMALL_FILE } from '../../store/readText';
import { TFJS_NODE_VERSION } from '../versions';
import { enginesFolder } from '../cacheFolder';
import { fileSha256Sync } from './fileSha256';
import { compareVersions } from './versionOrder';

/** `engine.json` of an installed native engine. Sizes in bytes. */
export const engineManifest = z.object({
  schemaVersion: z.literal(1),
  tensorflow: z.string(),
  tfjsNode: z.string(),
  platform: z.string(),
  arch: z.string(),
  device: z.enum(['cpu', 'gpu']),
  /** Where libtensorflow came from, in words. */
  source: z.string(),
  /** sha256 of the wheel, if it came from one. */
  wheelSha256: z.string().optional(),
  /** The folder of libtensorflow_cc.so.2, relative to the engine's folder or absolute. */
  libraries: z.string(),
  librarySizes: z.record(z.string(), z.number()),
  bindingSha256: z.string(),
  /** Of the addon with the convolutions; engines that were installed before there was one have none. */
  convolutionsSha256: z.string().optional(),
  /** Where the addon came from. */
  binding: z.enum(['prebuilt', 'built here']).optional(),
  installedAt: z.string(),
});
export type EngineManifest = z.infer<typeof engineManifest>;

/** A native engine on the disk, complete. */
export interface InstalledEngine {
  readonly folder: string;
  /** The Node addon, absolute. */
  readonly binding: string;
  readonly manifest: EngineManifest;
}

/** What stands in an engine's folder: an engine, or why it can't be used. */
export type FoundEngine = { readonly folder: string } & (
  { readonly engine: InstalledEngine; readonly problem?: undefined } | { readonly engine?: undefined; readonly problem: string }
);

export const BINDING_FILE = 'tfjs_binding.node';
/** The addon that brings TensorFlow our convolutions (convolutions/ops.cc). */
export const CONVOLUTIONS_FILE = 'convolutions.node';
export const MANIFEST_FILE = 'engine.json';
/** Begins the name of a folder that an installation is still filling, or that is being removed. */
export const STAGING_PREFIX = '.staging-native-';
/** The libraries of TensorFlow that the binding links. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** Every folder of a native engine, the one that is used by default first, those that can't be used last. */
export function listNative(root: string = enginesFolder()): FoundEngine[] {
  const names = existsSync(root) ? readdirSync(root).filter((name) => name.startsWith('native-')) : [];
  return names.map((name) => inspect(join(root, name))).sort((a, b) => order(a, b));
}

/**
 * The native engine that would be loaded: a GPU one before a CPU one, then the newest TensorFlow. MNEMONICS_TENSORFLOW names
 * another of those installed, as `2.20.0`, `2.20.0-cpu` or the folder's name.
 */
export function findNative(root: string = enginesFolder(), env: NodeJS.ProcessEnv = process.env): InstalledEngine | undefined {
  const wanted = env['MNEMONICS_TENSORFLOW'];
  return listNative(root).find(({ folder, engine }) => engine && (!wanted || hasName(folder, wanted)))?.engine;
}

/** Why {@link findNative} finds none, and what to do: the end of a sentence that begins "The native engine is". */
export function whyNoNative(root: string = enginesFolder(), env: NodeJS.ProcessEnv = process.env): string {
  const found = listNative(root);
  const wanted = env['MNEMONICS_TENSORFLOW'];
  const usable = found.flatMap(({ engine }) => (engine ? [`${engine.manifest.tensorflow}-${engine.manifest.device}`] : []));
  if (wanted && usable.length > 0) return `not usable: MNEMONICS_TENSORFLOW asks for ${wanted}; installed are ${usable.join(', ')}`;
  const damaged = found.find(({ problem }) => problem !== undefined);
  return damaged
    ? `not usable: in ${damaged.folder}, ${damaged.problem}; \`engine install\` puts another in its place`
    : 'not installed; `engine install` does it';
}

/** True if a user may mean this engine's folder: its TensorFlow, with or without the device, or its name. */
export function hasName(folder: string, name: string): boolean {
  const own = folder.split('/').at(-1) ?? folder;
  const [, version, device] = /^native-([^-]+)-.*-(cpu|gpu)$/.exec(own) ?? [];
  return name === own || name === version || name === `${version}-${device}`;
}

/** Reads one engine folder. Undefined if it isn't complete, or the Python that it borrows from is gone. */
export const readInstalled = (folder: string): InstalledEngine | undefined => inspect(folder).engine;

function inspect(folder: string): FoundEngine {
  const no = (problem: string): FoundEngine => ({ folder, problem });
  const [file, binding] = [join(folder, MANIFEST_FILE), join(folder, BINDING_FILE)];
  const manifest = existsSync(file) ? parseManifest(file) : undefined;
  if (!manifest) return no(`its ${MANIFEST_FILE} is missing or damaged`);
  // Another release's binding might not fit this one's backend.
  if (manifest.tfjsNode !== TFJS_NODE_VERSION)
    return no(`it was installed for tfjs ${manifest.tfjsNode}, and this is ${TFJS_NODE_VERSION}`);
  if (manifest.platform !== process.platform || manifest.arch !== process.arch)
    return no(`it is for ${manifest.platform} ${manifest.arch}, and this is ${process.platform} ${process.arch}`);
  if (!existsSync(binding)) return no(`its ${BINDING_FILE} is missing`);
  if (fileSha256Sync(binding) !== manifest.bindingSha256) return no(`its ${BINDING_FILE} is not the one that was installed`);
  const convolutions = join(folder, CONVOLUTIONS_FILE);
  if (
    manifest.convolutionsSha256 !== undefined &&
    !(existsSync(convolutions) && fileSha256Sync(convolutions) === manifest.convolutionsSha256)
  )
    return no(`its ${CONVOLUTIONS_FILE} is missing or not the one that was installed`);
  const libraries = join(manifest.libraries.startsWith('/') ? '' : folder, manifest.libraries);
  for (const name of LIBRARIES) {
    const library = join(libraries, name);
    if (!existsSync(library)) return no(`its ${name} is missing (it came from: ${manifest.source})`);
    const size = manifest.librarySizes[name];
    if (size !== undefined && statSync(library).size !== size)
      return no(`its ${name} is another one than was installed (it came from: ${manifest.source})`);
  }
  return { folder, engine: { folder, binding, manifest } };
}

function parseManifest(file: string): EngineManifest | undefined {
  try {
    return engineManifest.safeParse(parseJson(readTextSync(file, SMALL_FILE))).data;
  } catch {
    return undefined;
  }
}

function order({ engine: a }: FoundEngine, { engine: b }: FoundEngine): number {
  if (!a || !b) return Number(!a) - Number(!b);
  const gpuFirst = Number(b.manifest.device === 'gpu') - Number(a.manifest.device === 'gpu');
  return gpuFirst || compareVersions(b.manifest.tensorflow, a.manifest.tensorflow);
}
