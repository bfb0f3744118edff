import { readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { NO_CHECKSUM } from '../protocol/checksumField';
import { runError } from '../protocol/errors';
import type { EventBody, RunEvent } from '../protocol/events';
import { runFileSchema, type RunFile } from '../protocol/runFile';
import { RUN_FILES } from '../protocol/runLayout';
import { makeFolder, writeFileAtomic } from './atomicFile';
import { encodeWithChecksum, withChecksum } from './checksum';
import type { TensorData } from './dtypes';
import { EventLog, type EventPlace } from './eventLog';
import { systemCode, writeProblem } from './fileProblem';
import { isLeftover, removeLeftovers } from './leftovers';
import { readRunFile } from './readRun';
import { acquireRunLock, type RunLock } from './runLock';

/** The one writer of a run folder. Holds its lock from `create` or `reopen` to `close`. */
export class RunFolder {
  private constructor(
    /** Absolute path. */
    readonly dir: string,
    /** What people should know about how it was opened, such as that a dead process's lock was taken over; null for nothing. */
    readonly notice: string | null,
    private readonly lock: RunLock,
    private readonly log: EventLog,
    private runFile: RunFile,
  ) {}

  /** `run.json` as it stands. */
  get run(): RunFile {
    return this.runFile;
  }

  /**
   * Makes the folder of a new run, with its `run.json`.
   * @throws LabError `run-folder` where the folder isn't empty, is in use or can't be written.
   */
  static async create(runDir: string, run: RunFile): Promise<RunFolder> {
    const dir = resolve(runDir);
    await assertFree(dir);
    return openWith(dir, async (lock) => {
      // Another process may have made its run here and ended between the first look and the lock.
      await assertFree(dir);
      await writeFileAtomic(join(dir, RUN_FILES.run), runText(run), { within: dir });
      return new RunFolder(dir, null, lock, EventLog.open(join(dir, RUN_FILES.events)), run);
    });
  }

  /**
   * Opens a run in order to go on with it.
   * @throws LabError `run-folder` where it holds no run, is damaged or in use.
   */
  static async reopen(runDir: string): Promise<RunFolder> {
    const dir = resolve(runDir);
    await readRunFile(dir);
    return openWith(dir, async (lock) => {
      const run = await readRunFile(dir);
      const notice = lock.takenOverFrom === null ? null : `The lock of process ${lock.takenOverFrom}, which has ended, was taken over.`;
      return new RunFolder(dir, notice, lock, EventLog.open(join(dir, RUN_FILES.events)), run);
    });
  }

  /** Events in the log so far. */
  get events(): number {
    return this.log.events;
  }

  /** Writes an event to the log before it returns it. @throws LabError `run-folder` */
  append(body: EventBody, place: EventPlace): RunEvent {
    return this.log.append(body, place);
  }

  /** Replaces fields of `run.json`. @throws LabError `run-folder` */
  async updateRun(patch: Partial<Omit<RunFile, 'schemaVersion' | 'id'>>): Promise<void> {
    this.runFile = { ...this.runFile, ...patch };
    await this.write(RUN_FILES.run, runText(this.runFile));
  }

  /** Writes a safetensors file. @param relativePath as `phaseFile` gives it. @throws LabError `run-folder` */
  async writeTensors(
    relativePath: string,
    tensors: ReadonlyMap<string, TensorData>,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.write(relativePath, encodeWithChecksum(tensors, metadata));
  }

  /**
   * Replaces the newest resume point. The one before it is kept under another name, should the newest be damaged on the disk; it goes first, so
   * that no more than two need room.
   * @throws LabError `run-folder`
   */
  async writeResumePoint(tensors: ReadonlyMap<string, TensorData>, metadata: Readonly<Record<string, string>>): Promise<void> {
    const { newest, previous } = this.resumePoints;
    await this.whileHeld(async () => {
      this.log.sync();
      await rm(previous, { force: true }).catch((error: unknown) => {
        throw writeProblem(previous, error);
      });
      const before = () => renameIfThere(newest, previous);
      await writeFileAtomic(newest, encodeWithChecksum(tensors, metadata), { within: this.dir, before });
    });
  }

  /** Puts the resume point before the newest in its place, where the newest is missing or damaged: the next one must not remove the only sound one first. */
  async dropNewestResumePoint(): Promise<void> {
    const { newest, previous } = this.resumePoints;
    await this.whileHeld(() =>
      renameIfThere(previous, newest).catch((error: unknown) => {
        throw writeProblem(newest, error);
      }),
    );
  }

  private get resumePoints(): { newest: string; previous: string } {
    return { newest: join(this.dir, RUN_FILES.state), previous: join(this.dir, RUN_FILES.previousState) };
  }

  /** Writes a JSON file that its schema accepts. @throws LabError `run-folder` */
  async writeJson<T>(relativePath: string, schema: z.ZodType<T>, value: T): Promise<void> {
    await this.write(relativePath, jsonText(schema, value));
  }

  private write(relativePath: string, content: string | readonly Uint8Array[]): Promise<void> {
    return this.whileHeld(() => writeFileAtomic(join(this.dir, relativePath), content, { within: this.dir }));
  }

  /** Writes as long as the folder is this process's. Where it was just taken away, that is the reason to tell. */
  private async whileHeld(write: () => Promise<void>): Promise<void> {
    await this.lock.assertHeld();
    try {
      await this.log.keepInPlace();
      await write();
    } catch (error) {
      await this.lock.assertHeld();
      throw error;
    }
  }

  /** Ends writing: the log is on the disk, the folder is free for others. */
  async close(): Promise<void> {
    this.log.close();
    await this.lock.release();
  }
}

/** A value that a reader would refuse is a mistake of ours, to be noticed here and not next year. */
const jsonText = <T>(schema: z.ZodType<T>, value: T): string => withChecksum(`${JSON.stringify(schema.parse(value), null, 2)}\n`);

const runText = (run: RunFile): string => jsonText(runFileSchema, { ...run, sha256: NO_CHECKSUM });

const renameIfThere = (from: string, to: string): Promise<void> =>
  rename(from, to).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });

async function openWith(dir: string, open: (lock: RunLock) => Promise<RunFolder>): Promise<RunFolder> {
  const lock = await acquireRunLock(dir);
  try {
    await removeLeftovers(dir).catch((error: unknown) => {
      throw writeProblem(dir, error);
    });
    return await open(lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function assertFree(dir: string): Promise<void> {
  const names = await makeFolder(dir)
    .then(() => readdir(dir))
    .catch((error: unknown) => {
      throw writeProblem(dir, error);
    });
  if (names.includes(RUN_FILES.run)) throw runError(`${dir} holds a run already; choose another folder, or delete that run first.`);
  // Locks and their drafts may be there: who holds the lock decides. So may what a process left that was killed before it had a run.
  const other = names.find((name) => !name.startsWith(RUN_FILES.lock) && !isLeftover(name));
  if (other !== undefined) throw runError(`${dir} is not empty (it holds ${other}); choose a folder that is empty or doesn't exist yet.`);
}
