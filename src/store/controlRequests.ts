import { lstatSync, readdirSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { controlAnswerSchema, controlRequestSchema, type ControlAnswer, type ControlRequest } from '../protocol/control';
import { CONTROL_FOLDER, CONTROL_REQUEST, controlFiles } from '../protocol/runLayout';
import { writeFileAtomic } from './atomicFile';
import { parseJson } from './parseJson';
import { readTextSync } from './readText';

/** A request has some hundred bytes. */
const MOST_BYTES = 64 * 1024;

/** Ids of the requests that lie in a run folder, in the order in which they were written. Costs microseconds where nobody asks, which is nearly always. */
export function requestIds(runDir: string): string[] {
  const folder = join(runDir, CONTROL_FOLDER);
  try {
    // Not through a link: what is answered must lie in the run folder.
    if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
    const ids = readdirSync(folder).flatMap((name) => CONTROL_REQUEST.exec(name)?.[1] ?? []);
    return ids.length < 2 ? ids : inOrder(runDir, ids);
  } catch {
    return [];
  }
}

function inOrder(runDir: string, ids: readonly string[]): string[] {
  const written = (id: string) => lstatSync(join(runDir, controlFiles(id).request), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ids
    .map((id) => ({ id, time: written(id) }))
    .sort((a, b) => a.time - b.time)
    .map(({ id }) => id);
}

/** A request; null where it isn't one that is understood here. */
export function readRequest(runDir: string, id: string): ControlRequest | null {
  const path = join(runDir, controlFiles(id).request);
  try {
    if (!lstatSync(path).isFile()) return null;
    return controlRequestSchema.safeParse(parseJson(readTextSync(path, MOST_BYTES))).data ?? null;
  } catch {
    return null;
  }
}

/** Takes a request away in order to carry it out. @returns false where whoever asked has withdrawn it: only one of the two can take it away */
export function claimRequest(runDir: string, id: string): boolean {
  try {
    unlinkSync(join(runDir, controlFiles(id).request));
    return true;
  } catch {
    return false;
  }
}

/** @throws LabError `run-folder` */
export const writeAnswer = (runDir: string, id: string, answer: ControlAnswer): Promise<void> =>
  writeFileAtomic(join(runDir, controlFiles(id).answer), `${JSON.stringify(controlAnswerSchema.parse(answer))}\n`, { within: runDir });

/** Removes what was asked of an earlier process, and what that one answered. */
export function removeControlFolder(runDir: string): void {
  try {
    rmSync(join(runDir, CONTROL_FOLDER), { recursive: true, force: true });
  } catch {
    // What can't be removed can't be carried out either.
  }
}

/** Removes the folder unless an answer waits in it to be read. */
export function removeEmptyControlFolder(runDir: string): void {
  try {
    rmdirSync(join(runDir, CONTROL_FOLDER));
  } catch {
    // It isn't empty, or not there.
  }
}
