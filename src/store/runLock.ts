import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, rename, rm, stat, writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { runError } from '../protocol/errors';
import { RUN_FILES } from '../protocol/runLayout';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import { linkProblem, systemCode, writeProblem } from './fileProblem';
import { parseJson } from './parseJson';
import { hasEnded, ownIdentity } from './processIdentity';
import { readText, SMALL_FILE } from './readText';

const lockSchema = z.object({
  schemaVersion: z.int(),
  pid: z.int().min(1),
  startTime: z.string().nullable(),
  bootId: z.string().nullable(),
  host: z.string(),
  /** Unlike in any other lock, so that a lock is only ever taken over or removed by who read this very one. */
  token: z.string().regex(/^[0-9a-f-]{36}$/),
});
type Lock = z.infer<typeof lockSchema>;

/** How long a lock without readable content is believed to be one that is just being written. */
const WRITING_MS = 500;

/** The right to write a run folder. */
export interface RunLock {
  /** The pid of the ended process whose lock was taken over; null where the folder was not locked. */
  readonly takenOverFrom: number | null;
  /**
   * To be called before each writing. A lock that somebody deleted is put back.
   * @throws LabError `run-folder` where the folder was removed or replaced since, or another process has taken the lock.
   */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Locks a run folder for this process. A lock whose process has ended is taken over.
 * @throws LabError `run-folder` naming the process that writes the run.
 */
export async function acquireRunLock(runDir: string): Promise<RunLock> {
  const path = join(runDir, RUN_FILES.lock);
  try {
    const { token, takenOverFrom } = await acquire(path, runDir);
    const folder = await identityOf(runDir);
    const held = () =>
      assertHeld(path, runDir, folder, token).catch((error: unknown) => {
        throw writeProblem(path, error);
      });
    return { takenOverFrom, assertHeld: held, release: () => release(path, token) };
  } catch (error) {
    throw writeProblem(path, error);
  }
}

/** Is a run written by a living process (of this machine, or possibly of another one)? */
export async function isRunAlive(runDir: string): Promise<boolean> {
  const lock = await readLock(join(runDir, RUN_FILES.lock)).catch(unreadable);
  return lock !== null && lock !== 'unreadable' && !hasEnded(lock);
}

/**
 * Is a file beside the lock (a draft of one, the guard of a takeover) of no use to anybody, because its process has ended? One without
 * readable content is just being written, or was left by a process that was killed while it wrote.
 */
export async function isStaleLock(path: string): Promise<boolean> {
  const lock = await readSettledLock(path).catch(unreadable);
  return lock === 'unreadable' || (lock !== null && hasEnded(lock));
}

async function acquire(path: string, runDir: string): Promise<{ token: string; takenOverFrom: number | null }> {
  const token = randomUUID();
  const draft = `${path}.${token}.tmp`;
  try {
    await writeFile(draft, lockText(token), { flag: 'wx' });
    for (;;) {
      if (await createExclusively(draft, path)) return { token, takenOverFrom: null };
      // One that leads to nothing would be neither there nor absent, for ever.
      if (await isLink(path)) throw linkProblem(path);
      const owner = await readSettledLock(path);
      if (owner === null) continue;
      if (owner !== 'unreadable' && !hasEnded(owner)) throw runError(inUse(path, runDir, owner));
      if (await takeOver(path, runDir, owner, draft)) return { token, takenOverFrom: owner === 'unreadable' ? null : owner.pid };
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Puts a complete lock file in place if there is none, in one step: nobody ever reads a half-written lock. */
async function createExclusively(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path).catch(async (error: unknown) => {
      if (systemCode(error) === 'EEXIST') throw error;
      // Some file systems have no hard links.
      await copyFile(draft, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

const isLink = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null))?.isSymbolicLink() ?? false;

/**
 * Replaces a stale lock. Two processes that both saw it stale must not both win, so who replaces it holds a second lock
 * named after the stale one meanwhile, and looks again once it has that.
 */
async function takeOver(path: string, runDir: string, stale: Lock | 'unreadable', draft: string): Promise<boolean> {
  const guardPath = join(dirname(path), `${basename(path).slice(0, 60)}.${stale === 'unreadable' ? stale : stale.token}`);
  const guard = await acquire(guardPath, runDir);
  try {
    const current = await readLock(path);
    const same = current === 'unreadable' || current === null ? current === stale : stale !== 'unreadable' && current.token === stale.token;
    if (same) await rename(draft, path);
    return same;
  } finally {
    await release(guardPath, guard.token);
  }
}

/** What tells a folder from another one that was put in its place; null where there is none. */
async function identityOf(folder: string): Promise<string | null> {
  const found = await stat(folder, { bigint: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
    throw error;
  });
  return found && `${found.dev}:${found.ino}`;
}

async function assertHeld(path: string, runDir: string, folder: string | null, token: string): Promise<void> {
  const assertThere = async (): Promise<void> => {
    if ((await identityOf(runDir)) !== folder)
      throw runError(
        `${runDir} was removed, moved or replaced while a run was written to it; put it back and resume the run, or start it again in another folder.`,
      );
  };
  await assertThere();
  const owner = await readLock(path);
  if (owner === null)
    await writeFile(path, lockText(token), { flag: 'wx' }).catch(async (error: unknown) => {
      // The folder may have gone away just now, and its lock with it.
      await assertThere();
      throw error;
    });
  else if (owner === 'unreadable' || owner.token !== token)
    throw runError(
      `${runDir} was taken over by ${owner === 'unreadable' ? 'another process' : `process ${owner.pid} on ${owner.host}`} while this run was written to it; let only one of them go on.`,
    );
}

async function release(path: string, token: string): Promise<void> {
  const lock = await readLock(path).catch(unreadable);
  if (lock !== null && lock !== 'unreadable' && lock.token === token) await rm(path, { force: true });
}

/** A lock, or null where there is none. Waits a moment for one that is being written without hard links. */
async function readSettledLock(path: string): Promise<Lock | 'unreadable' | null> {
  const until = performance.now() + WRITING_MS;
  for (;;) {
    const lock = await readLock(path);
    if (lock !== 'unreadable' || performance.now() >= until) return lock;
    await wait(20);
  }
}

/** @throws Error where the disk or the permissions don't let it be read: that says nothing of whose it is */
async function readLock(path: string): Promise<Lock | 'unreadable' | null> {
  try {
    return lockSchema.parse(parseJson(await readText(path, SMALL_FILE)));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return null;
    if (code !== undefined) throw error;
    return 'unreadable';
  }
}

const unreadable = (): 'unreadable' => 'unreadable';

const lockText = (token: string): string =>
  `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...ownIdentity(), token } satisfies Lock)}\n`;

const inUse = (path: string, runDir: string, { pid, host }: Lock): string =>
  host === ownIdentity().host
    ? `${runDir} is being written by process ${pid}; stop that run first, or use another folder.`
    : `${runDir} is being written by process ${pid} on ${host}; stop that run first, or delete ${path} if you know that it has ended.`;
