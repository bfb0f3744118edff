import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { runError } from '../protocol/errors';
import { eventSchema, type EventBody, type RunEvent } from '../protocol/events';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import { readProblem, systemCode, writeProblem } from './fileProblem';
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

/** The append-only log of a run: one JSON line an event. The one writer of `events.jsonl`. */
export class EventLog {
  private lastSync = Date.now();

  private constructor(
    private readonly path: string,
    private readonly file: number,
    private nextSeq: number,
    private length: number,
  ) {}

  /**
   * Opens a log, or begins one. A torn last line, left by a process that was killed while it wrote, is cut off.
   * @throws LabError `run-folder` where it can't be read or its last line is no event.
   */
  static open(path: string): EventLog {
    const { length, lastLine } = endOf(path);
    const nextSeq = lastLine === null ? 0 : parseFileText(lastLine, eventSchema, `The last line of ${path}`).seq + 1;
    try {
      const file = openSync(path, 'a');
      ftruncateSync(file, length);
      return new EventLog(path, file, nextSeq, length);
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
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
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
    this.nextSeq++;
    return event;
  }

  close(): void {
    fsyncSync(this.file);
    closeSync(this.file);
  }

  private syncIfDue(kind: RunEvent['kind']): void {
    const now = Date.now();
    if (!DURABLE.has(kind) && now - this.lastSync < SYNC_MS) return;
    fsyncSync(this.file);
    this.lastSync = now;
  }
}

/**
 * All events of a log, each checked. A line counts once its line break is written, so a torn last line is left out; anything
 * else that is wrong is an error.
 * @throws LabError `run-folder` naming the file and the line.
 */
export async function readEvents(path: string): Promise<RunEvent[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw readProblem(path, error);
  });
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, i) => {
    const event = parseFileText(line, eventSchema, `Line ${i + 1} of ${path}`);
    if (event.seq !== i)
      throw runError(
        `Line ${i + 1} of ${path} can't be used: it has the number ${event.seq} instead of ${i}; events are missing, so restore the file from a copy.`,
      );
    return event;
  });
}

/** Length of the complete lines of a log in bytes, and the last of them. */
function endOf(path: string): { length: number; lastLine: string | null } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { length: 0, lastLine: null };
    throw readProblem(path, error);
  }
  const end = bytes.lastIndexOf('\n');
  if (end < 0) return { length: 0, lastLine: null };
  const start = end === 0 ? -1 : bytes.lastIndexOf('\n', end - 1);
  return { length: end + 1, lastLine: bytes.toString('utf8', start + 1, end) };
}
