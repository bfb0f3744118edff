import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TFJS_NODE_VERSION } from '../versions';
import { enginesFolder } from './cacheFolder';

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
  /** The folder of libtensorflow_cc.so.2: relative to the engine's folder, or an absolute one of a Python. */
  libraries: z.string(),
  librarySizes: z.record(z.string(), z.number()),
  bindingSha256: z.string(),
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

export const BINDING_FILE = 'tfjs_binding.node';
export const MANIFEST_FILE = 'engine.json';
/** Begins the name of a folder that an installation is still filling. */
export const STAGING_PREFIX = '.staging-native-';
/** The libraries of TensorFlow that the binding links. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** The native engine that would be loaded: a GPU one before a CPU one, then the newest TensorFlow. */
export function findNative(root: string = enginesFolder()): InstalledEngine | undefined {
  const complete = listFolders(root).filter((name) => !name.startsWith(STAGING_PREFIX));
  const engines = complete.flatMap((name) => readInstalled(join(root, name)) ?? []);
  engines.sort((a, b) => rank(b) - rank(a) || compareVersions(b.manifest.tensorflow, a.manifest.tensorflow));
  return engines[0];
}

/** Removes every native engine, unfinished ones too. Returns how many folders went. */
export function removeNative(root: string = enginesFolder()): number {
  const names = listFolders(root);
  for (const name of names) rmSync(join(root, name), { recursive: true, force: true });
  return names.length;
}

/** Reads one engine folder. Undefined if it isn't complete, or the Python that it borrows from is gone. */
export function readInstalled(folder: string): InstalledEngine | undefined {
  const file = join(folder, MANIFEST_FILE);
  const binding = join(folder, BINDING_FILE);
  if (!existsSync(file) || !existsSync(binding)) return undefined;
  const manifest = parseManifest(readFileSync(file, 'utf8'));
  // Another release's binding might not fit this one's backend.
  if (!manifest || manifest.tfjsNode !== TFJS_NODE_VERSION || manifest.platform !== process.platform || manifest.arch !== process.arch)
    return undefined;
  const libraries = join(manifest.libraries.startsWith('/') ? '' : folder, manifest.libraries);
  return LIBRARIES.every((name) => existsSync(join(libraries, name))) ? { folder, binding, manifest } : undefined;
}

function parseManifest(text: string): EngineManifest | undefined {
  try {
    return engineManifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function listFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root).filter((name) => name.startsWith('native-') || name.startsWith(STAGING_PREFIX));
}

function rank(engine: InstalledEngine): number {
  return engine.manifest.device === 'gpu' ? 1 : 0;
}

function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (x?.[i] ?? 0) - (y?.[i] ?? 0);
    if (difference) return difference;
  }
  return 0;
}
