import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { runError } from '../protocol/errors';
import { phaseFile } from '../protocol/runLayout';
import { newerVersion } from '../protocol/schemaVersion';
import type { ExemplarPixels } from '../protocol/webviewMessages';
import { parseJson } from './parseJson';
import { assertChecksum, assertPhase } from './checksum';
import { arrayOf, readSafetensors } from './readSafetensors';
import { headerError, type SafetensorsHeader } from './safetensorsHeader';

const TENSORS = ['before', 'after', 'classes'] as const;

/** Is a safetensors file one of exemplars, to be shown as before and after? */
export const isExemplarFile = (header: SafetensorsHeader): boolean => TENSORS.every((name) => header.tensors.has(name));

/** Pixels of the exemplars stored after a phase. @throws LabError `run-folder` */
export const readExemplarPixels = (runDir: string, phase: number): Promise<ExemplarPixels> =>
  readExemplarFile(join(runDir, phaseFile(phase, 'exemplars')));

/**
 * Reads an exemplar file: `before` and `after` [m, H, W, C] float32, `classes` [m] int32; metadata `mean` and `std`, JSON
 * lists of one number a channel (0 and 1 where it has none). The phase is that of the folder's name, else 0.
 * @throws LabError `run-folder` naming what doesn't fit.
 */
export async function readExemplarFile(path: string): Promise<ExemplarPixels> {
  const { metadata, tensors } = await readSafetensors(path);
  const newer = newerVersion(metadata);
  if (newer) throw runError(`${path} ${newer}.`);
  await assertChecksum(path);
  const folder = /^phase-(\d+)$/.exec(basename(dirname(path)))?.[1];
  if (folder) assertPhase(path, metadata['phase'], Number(folder));
  const before = arrayOf(tensors, 'before', 'F32', path);
  const after = arrayOf(tensors, 'after', 'F32', path);
  const classes = arrayOf(tensors, 'classes', 'I32', path);
  const [count, height, width, channels] = before.shape;
  if (before.shape.length !== 4 || !height || !width || !channels)
    throw headerError(path, `"before" has the shape [${before.shape.join(', ')}] instead of [count, height, width, channels]`);
  if (after.shape.join() !== before.shape.join())
    throw headerError(path, `"after" has the shape [${after.shape.join(', ')}] but "before" has [${before.shape.join(', ')}]`);
  if (classes.shape.join() !== `${count}`)
    throw headerError(path, `"classes" has the shape [${classes.shape.join(', ')}] instead of [${count}]`);
  const perChannel = (name: 'mean' | 'std', missing: number) => parsePerChannel(metadata[name], name, channels, missing, path);
  return {
    phase: Number(folder ?? 0),
    height,
    width,
    channels,
    classes: [...classes.data],
    before: before.data,
    after: after.data,
    mean: perChannel('mean', 0),
    std: perChannel('std', 1),
  };
}

function parsePerChannel(text: string | undefined, name: string, channels: number, missing: number, path: string): number[] {
  if (text === undefined) return new Array<number>(channels).fill(missing);
  try {
    return z.array(z.number()).length(channels).parse(parseJson(text));
  } catch (cause) {
    throw headerError(path, `its metadata "${name}" is not a JSON list of ${channels} number${channels === 1 ? '' : 's'}`, cause);
  }
}
