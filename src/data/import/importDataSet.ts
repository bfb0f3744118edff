import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeDataSet } from '../../protocol/dataSets/registry';
import { dataError, LabError } from '../../protocol/errors';
import type { ImportManifest } from '../../protocol/importManifest';
import type { DataSetName } from '../../protocol/words';
import { MANIFEST_FILE, readManifest } from '../dataFolder';
import { fingerprint } from '../fingerprint';
import { readDataSet } from '../readDataSet';
import { firstPerClass } from '../subset';
import { assertRoom, importProblem } from './importProblem';
import { openSource } from './openSource';
import { putInPlace, restoreReplaced } from './putInPlace';
import type { ImportSource } from './source';
import { stageFiles } from './stageFiles';
import { stageImages } from './stageImages';
import { Staging } from './staging';

/** Where an import stands, in bytes of its source. */
export interface ImportProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface ImportOptions {
  readonly name: DataSetName;
  /** A folder or an archive, absolute. */
  readonly from: string;
  /** Where imported sets live, absolute. */
  readonly dataFolder: string;
  /** Replaces another set of the name. */
  readonly force: boolean;
  /** Takes files whose checksum isn't the publisher's. */
  readonly unverified: boolean;
  readonly signal: AbortSignal;
  onProgress?(progress: ImportProgress): void;
  /** Copying is done; what was copied is read and checked. */
  onChecking?(): void;
}

export interface Imported {
  readonly folder: string;
  readonly manifest: ImportManifest;
  /** True where the same data was there already. */
  readonly unchanged: boolean;
}

/**
 * Imports a data set: copies it to a staging folder, reads and checks it there as a run would, and puts it in place in one step. Where that
 * fails nothing is left; where it is stopped, the next import of the same source goes on from what was copied.
 * @throws LabError `data-invalid` naming file, problem and remedy; the signal's reason where it is stopped
 */
export async function importDataSet(options: ImportOptions): Promise<Imported> {
  const { name, dataFolder, signal } = options;
  const source = openSource(options.from, describeDataSet(name));
  const made = firstMissing(dataFolder);
  let staging: Staging | null = null;
  try {
    mkdirSync(dataFolder, { recursive: true });
    restoreReplaced(join(dataFolder, name));
    await assertRoom(dataFolder, source);
    staging = Staging.open(dataFolder, name, identityOf(options.from), signal);
    const result = await fill(options, source, staging);
    staging.discard();
    return result;
  } catch (error) {
    if (signal.aborted) staging?.keep();
    else {
      staging?.discard();
      // A data folder that was made for this import goes with it.
      if (made !== null && existsSync(dataFolder) && readdirSync(dataFolder).length === 0) rmSync(made, { recursive: true, force: true });
    }
    throw signal.aborted ? error : importProblem(error, dataFolder, source);
  }
}

async function fill(options: ImportOptions, source: ImportSource, staging: Staging): Promise<Imported> {
  const { name, from, dataFolder, force } = options;
  const description = describeDataSet(name);
  const { totalBytes } = source;
  let doneBytes = 0;
  const onBytes = (count: number) => {
    doneBytes += count;
    options.onProgress?.({ doneBytes: Math.min(doneBytes, totalBytes), totalBytes });
  };
  const copying = { unverified: options.unverified, onBytes, signal: options.signal };
  const images = description.kind === 'images';
  const published = description.kind !== 'images' && (await stageFiles(name, description, source, staging, copying));
  const root = images ? await stageImages(source, staging, copying) : staging.files;
  options.signal.throwIfAborted();
  options.onChecking?.();
  const manifest = await describeImport(name, root, from, published).catch((error: unknown) => {
    throw inTermsOf(error, root, from);
  });
  const folder = join(dataFolder, name);
  const earlier = readManifest(folder);
  if (earlier?.sha256 === manifest.sha256 && earlier.verified === manifest.verified) return { folder, manifest: earlier, unchanged: true };
  if (existsSync(folder) && !force && earlier?.sha256 !== manifest.sha256)
    throw dataError(
      `Another ${name} is in ${folder}${earlier ? ` (from ${earlier.from}, ${earlier.importedAt.slice(0, 10)})` : ''}; add --force to replace it.`,
    );
  options.signal.throwIfAborted();
  writeFileSync(join(root, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  putInPlace(root, folder);
  return { folder, manifest, unchanged: false };
}

/** Reads what was copied as a run would. */
async function describeImport(name: DataSetName, root: string, from: string, published: boolean): Promise<ImportManifest> {
  const data = await readDataSet(name, root);
  for (const [part, title] of [
    [data.train, 'training'],
    [data.test, 'test'],
  ] as const)
    firstPerClass(part, data.classNames, undefined, title);
  const { sha256, trainImages, testImages } = fingerprint(name, data.sums, data);
  return {
    schemaVersion: 1,
    name,
    from,
    importedAt: new Date().toISOString(),
    verified: published ? 'published' : 'form',
    sha256,
    classes: data.classNames.length,
    trainImages,
    testImages,
  };
}

/** Messages name the user's file, not the copy that is about to go. */
function inTermsOf(error: unknown, root: string, from: string): unknown {
  return error instanceof LabError
    ? new LabError(error.code, error.exitCode, error.message.replaceAll(root, from), { cause: error })
    : error;
}

function identityOf(path: string): string {
  const stats = statSync(path);
  return JSON.stringify(stats.isDirectory() ? { path } : { path, size: stats.size, mtimeMs: stats.mtimeMs });
}

/** The uppermost folder of a path that isn't there; null where all are. */
function firstMissing(path: string): string | null {
  let missing: string | null = null;
  for (let at = path; !existsSync(at); at = join(at, '..')) missing = at;
  return missing;
}
