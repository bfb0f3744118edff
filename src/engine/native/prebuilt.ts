import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../store/parseJson';
import { readTextSync, SMALL_FILE } from '../../store/readText';
import { TFJS_NODE_VERSION } from '../versions';
import { buildBinding, buildInputsSha256, findCompiler, noCompiler } from './binding';
import { fileSha256Sync } from './fileSha256';
import { BINDING_FILE, CONVOLUTIONS_FILE } from './manifest';
import { SYSTEM_FILE } from './systemAddon';

/** The addons of the native engine as a package carries them, built from its own sources. */
const PREBUILT_FILE = 'prebuilt.json';
export const PREBUILT_ADDONS = [BINDING_FILE, SYSTEM_FILE, CONVOLUTIONS_FILE] as const;

const prebuiltSchema = z.object({
  schemaVersion: z.literal(1),
  tfjsNode: z.string(),
  /** sha256 of all that was compiled, with the compiler's flags. */
  inputsSha256: z.string(),
  compiler: z.string(),
  /** sha256 of each addon. */
  files: z.record(z.string(), z.string()),
});

/** Whether prebuilt addons can be used, and if not, why. */
export type Prebuilt = { readonly usable: true; readonly folder: string } | { readonly usable: false; readonly reason: string };

/** Where a package carries them: `dist/native-prebuilt/linux-x64`, beside the bundle. */
export const prebuiltFolder = (from = __dirname): string => join(from, 'native-prebuilt', 'linux-x64');

/** Trusts prebuilt addons only if their checksums are those noted when they were built, from the sources that are shipped. */
export function checkPrebuilt(folder: string): Prebuilt {
  const file = join(folder, PREBUILT_FILE);
  if (!existsSync(file)) return { usable: false, reason: 'this copy of Mnemonics Lab carries no prebuilt binding' };
  const prebuilt = readPrebuilt(folder);
  if (!prebuilt) return { usable: false, reason: `${file} is damaged` };
  const { files, inputsSha256, tfjsNode } = prebuilt;
  if (tfjsNode !== TFJS_NODE_VERSION || inputsSha256 !== buildInputsSha256())
    return { usable: false, reason: `the prebuilt binding in ${folder} was built from other sources than these` };
  const wrong = PREBUILT_ADDONS.find((name) => !existsSync(join(folder, name)) || fileSha256Sync(join(folder, name)) !== files[name]);
  if (wrong) return { usable: false, reason: `the prebuilt ${join(folder, wrong)} doesn't match its checksum` };
  return { usable: true, folder };
}

export async function copyPrebuilt(from: string, folder: string): Promise<void> {
  for (const name of PREBUILT_ADDONS) await copyFile(join(from, name), join(folder, name));
}

/**
 * Builds the addons for a package, unless the folder has them already, of the same sources and compiler.
 * @param include TensorFlow's include folder; its C interface is stable, so any version from 2.15 on serves
 * @throws engine-unavailable if there is no compiler or it fails
 */
export async function buildPrebuilt(folder: string, include: string, signal?: AbortSignal): Promise<void> {
  const compiler = await findCompiler(signal);
  if (compiler === undefined) throw noCompiler();
  if (checkPrebuilt(folder).usable && readPrebuilt(folder)?.compiler === compiler) return;
  // Addons of an earlier build may have had other names.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await buildBinding({ folder, include, signal });
  const content: z.infer<typeof prebuiltSchema> = {
    schemaVersion: 1,
    tfjsNode: TFJS_NODE_VERSION,
    inputsSha256: buildInputsSha256(),
    compiler,
    files: Object.fromEntries(PREBUILT_ADDONS.map((name) => [name, fileSha256Sync(join(folder, name))])),
  };
  await writeFile(join(folder, PREBUILT_FILE), `${JSON.stringify(content, null, 2)}\n`);
}

function readPrebuilt(folder: string): z.infer<typeof prebuiltSchema> | undefined {
  try {
    return prebuiltSchema.safeParse(parseJson(readTextSync(join(folder, PREBUILT_FILE), SMALL_FILE))).data;
  } catch {
    return undefined;
  }
}
