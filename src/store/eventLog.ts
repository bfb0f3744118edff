import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, lstatSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { runError } from '../protocol/errors';
import { eventSchema, type EventBody, type RunEvent } from '../protocol/events';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import { writeFileAtomic } from './atomicFile';
import { EventReader } from './eventReader';
import { writeProblem } from './fileProblem';
import { nextLine, withoutChecksum, type Unsealed } from './logChecksum';
import { endOfLog } from './logEnd';
import { makeOwn } from './makeOwn';
import { parseFileText } from './parseFile';

/** Where in the run an event happened. `step` counts within the stage. */
export type EventPlace = Pick<RunEvent, 'phase' | 'stage' | 'step'>;

/** Events after which the log is on the disk, not merely in the system's memory. Others may be up to a second late. */
const DURABLE: ReadonlySet<RunEvent['kind']> = new Set([
  'run-started',
  'run-continued',
  'stage-ended',
  'phase-ended',
  'setting-changed',
  'run-ended',
]);
const SYNC_MS = 1000;
const CHUNK_BYTES = 1 << 20;
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/** The append-only log of a run: one JSON line an event. The one writer of `events.jsonl`. */
export class EventLog {
  /** By a clock that nobody sets back. */
  private lastSync = performance.now();

  private constructor(
    private readonly path: string,
    private file: number,
    private nextSeq: number,
    private length: number,
    private unsealed: Unsealed,
  ) {}

  /**
   * Opens a log, or begins one. A torn last line, left by a process that was killed while it wrote, is cut off.
   * @throws LabError `run-folder` where it can't be read, is a link, or its last line is no event.
   */
  static open(path: string): EventLog {
    makeOwn(path);
    const { length, lastLine, unsealed } = endOfLog(path);
    const nextSeq = lastLine === null ? 0 : parseFileText(withoutChecksum(lastLine), eventSchema, `The last line of ${path}`).seq + 1;
    try {
      const file = openSync(path, APPEND, 0o666);
      ftruncateSync(file, length);
      return new EventLog(path, file, nextSeq, length, unsealed);
    } catch (error) {
      throw writeProblem(path, error);
    }
  }

  /**
   * Numbers, dates, places and writes an event before it returns it: what anybody was told is in the log.
   * @throws LabError `run-folder` where it can't be written; the log then ends with the event before.
   */
  append(body: EventBody, { phase, stage, step }: EventPlace): RunEvent {
    const event: RunEvent = { schemaVersion: SCHEMA_VERSION, seq: this.nextSeq, time: Date.now(), phase, stage, step, ...body };
    const { line, unsealed } = nextLine(JSON.stringify(event), this.unsealed, body.kind === 'progress');
    try {
      for (let done = 0; done < line.byteLength;) done += writeSync(this.file, line, done);
      this.syncIfDue(body.kind);
    } catch (error) {
      // A full disk takes a part of the line. Cut it off, so that only a killed process leaves a torn line.
      try {
        ftruncateSync(this.file, this.length);
      } catch {
        // The disk refuses this too: the torn line stays the last one.
      }
      throw writeProblem(this.path, error);
    }
    this.length += line.byteLength;
    this.unsealed = unsealed;
    this.nextSeq++;
    return event;
  }

  /** Events so far. */
  get events(): number {
    return this.nextSeq;
  }

  /** To be called before what counts on the events so far is written: they are on the disk then. @throws LabError `run-folder` */
  sync(): void {
    try {
      fsyncSync(this.file);
    } catch (error) {
      throw writeProblem(this.path, error);
    }
    this.lastSync = performance.now();
  }

  /**
   * What is written must be where it is looked for: a log that somebody deleted is put back, as a lock is.
   * @throws LabError `run-folder` where it was replaced, or written by somebody else
   */
  async keepInPlace(): Promise<void> {
    try {
      const there = lstatSync(this.path, { throwIfNoEntry: false });
      if (!there) await this.putBack();
      else if (there.ino !== fstatSync(this.file).ino || there.size !== this.length)
        throw runError(
          `${this.path} was replaced or changed by another program while the run was written to it; put it right, from a copy if need be, and resume the run.`,
        );
    } catch (error) {
      throw writeProblem(this.path, error);
    }
  }

  close(): void {
    fsyncSync(this.file);
    closeSync(this.file);
  }

  private async putBack(): Promise<void> {
    await writeFileAtomic(this.path, this.content(), { within: dirname(this.path) });
    closeSync(this.file);
    this.file = openSync(this.path, APPEND);
  }

  private *content(): Generator<Uint8Array> {
    for (let done = 0; done < this.length;) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, this.length - done));
      const read = readSync(this.file, chunk, 0, chunk.byteLength, done);
      if (read === 0) return;
      yield chunk.subarray(0, read);
      done += read;
    }
  }

  private syncIfDue(kind: RunEvent['kind']): void {
    if (DURABLE.has(kind) || performance.now() - this.lastSync >= SYNC_MS) this.sync();
  }
}

/**
 * All events of a log, each checked; a torn last line is left out. Of a long run that is a gigabyte: what shows a run takes its
 * view or its condensed log (`readHistory.ts`).
 * @throws LabError `run-folder` naming the file and the line.
 */
export async function readEvents(path: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  await new EventReader(path).read((event) => events.push(event));
  return events;
}
