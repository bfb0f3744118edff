import { join } from 'node:path';
import { toErrorInfo } from '../protocol/errors';
import type { RunEvent } from '../protocol/events';
import type { ReportData } from '../protocol/reportData';
import { elementCount } from './dtypes';
import { readExemplarFile } from './exemplarFile';
import { arrayOf, readHeader, readTensor } from './readSafetensors';

export type ReportExemplars = ReportData['runs'][number]['exemplars'];

/** What is known of a phase's exemplars without their pixels. */
interface Listing {
  readonly path: string;
  readonly classes: readonly number[];
  /** Bytes that one exemplar takes, before and after together. */
  readonly bytesEach: number;
}

/**
 * The exemplars of a run's phases as a report holds them: where they exceed `maxBytes`, the first few of each class; where
 * even one of each is too much, of every second phase.
 * @returns `left`: sentences saying what was left out, and of which phases because their file is missing or damaged; null where nothing was.
 */
export async function readReportExemplars(
  runDir: string,
  events: readonly RunEvent[],
  maxBytes: number,
): Promise<{ exemplars: ReportExemplars; left: string | null }> {
  // A phase that was repeated after an interruption stored the same file again.
  const files = [...new Set(events.flatMap((event) => (event.kind === 'exemplars-stored' ? [event.file] : [])))];
  const problems: string[] = [];
  const orProblem = <T>(read: Promise<T>): Promise<T | null> =>
    read.catch((error: unknown) => {
      problems.push(toErrorInfo(error).message);
      return null;
    });
  const all: Listing[] = [];
  for (const file of files) {
    const listing = await orProblem(list(join(runDir, file)));
    if (listing) all.push(listing);
  }
  let phases = all;
  while (phases.length > 2 && bytesWith(phases, 1) > maxBytes) phases = phases.filter((_, i) => i % 2 === (phases.length - 1) % 2);
  const stored = Math.max(0, ...phases.map(({ classes }) => largestClass(classes)));
  let perClass = stored;
  while (perClass > 1 && bytesWith(phases, perClass) > maxBytes) perClass--;
  const exemplars: ReportExemplars = [];
  for (const phase of phases) {
    const encoded = await orProblem(encode(phase, perClass));
    if (encoded) exemplars.push(encoded);
  }
  const left = leftOut(phases.length, all.length, perClass, stored);
  return { exemplars, left: [...(left === null ? [] : [left]), ...problems].join(' ') || null };
}

function leftOut(phases: number, allPhases: number, perClass: number, stored: number): string | null {
  const parts = [];
  if (perClass < stored) parts.push(`the first ${perClass} of ${stored} exemplars of each class`);
  if (phases < allPhases) parts.push(`the exemplars of ${phases} of ${allPhases} phases`);
  return parts.length === 0 ? null : `the page shows only ${parts.join(' and ')}, so that it stays small; the run folder has all.`;
}

async function list(path: string): Promise<Listing> {
  const before = (await readHeader(path)).tensors.get('before');
  const classes = await readTensor(path, 'classes');
  const { data } = arrayOf(new Map([['classes', classes]]), 'classes', 'I32', path);
  return { path, classes: [...data], bytesEach: 2 * Float32Array.BYTES_PER_ELEMENT * elementCount(before?.shape.slice(1) ?? []) };
}

/** Positions of the first `perClass` exemplars of each class. */
function firstOfEach(classes: readonly number[], perClass: number): number[] {
  const taken = new Map<number, number>();
  return classes.flatMap((classIndex, i) => {
    const count = (taken.get(classIndex) ?? 0) + 1;
    taken.set(classIndex, count);
    return count <= perClass ? [i] : [];
  });
}

function largestClass(classes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const classIndex of classes) counts.set(classIndex, (counts.get(classIndex) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

const bytesWith = (phases: readonly Listing[], perClass: number): number =>
  phases.reduce((sum, { classes, bytesEach }) => sum + bytesEach * firstOfEach(classes, perClass).length, 0);

async function encode({ path }: Listing, perClass: number): Promise<ReportExemplars[number]> {
  const { phase, height, width, channels, mean, std, classes, before, after } = await readExemplarFile(path);
  const kept = firstOfEach(classes, perClass);
  const bytes = height * width * channels * Float32Array.BYTES_PER_ELEMENT;
  const base64 = (from: Float32Array) =>
    Buffer.concat(kept.map((i) => new Uint8Array(from.buffer, from.byteOffset + i * bytes, bytes))).toString('base64');
  return {
    phase,
    height,
    width,
    channels,
    classes: kept.map((i) => classes[i]!),
    before: base64(before),
    after: base64(after),
    mean: [...mean],
    std: [...std],
  };
}
