import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { eventSchema, type EventBody, type RunEvent } from '../protocol/events';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import { EventReader } from './eventReader';
import { readProblem, systemCode, writeProblem } from './fileProblem';
import { nextLine, NOTHING_UNSEALED, unsealedFrom, withBytes, withoutChecksum, type Unsealed } from './logChecksum';
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
const NEWLINE = 10;

/** The append-only log of a run: one JSON line an event. The one writer of `events.jsonl`. */
export class EventLog {
  /** By a clock that nobody sets back. */
  private lastSync = performance.now();

  private constructor(
    private readonly path: string,
    private readonly file: number,
    private nextSeq: number,
    private length: number,
    private unsealed: Unsealed,
  ) {}

  /**
   * Opens a log, or begins one. A torn last line, left by a process that was killed while it wrote, is cut off.
   * @throws LabError `run-folder` where it can't be read or its last line is no event.
   */
  static open(path: string): EventLog {
    const { length, lastLine, unsealed } = endOf(path);
    const nextSeq = lastLine === null ? 0 : parseFileText(withoutChecksum(lastLine), eventSchema, `The last line of ${path}`).seq + 1;
    try {
      const file = openSync(path, 'a');
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

  close(): void {
    fsyncSync(this.file);
    closeSync(this.file);
  }

  private syncIfDue(kind: RunEvent['kind']): void {
    const now = performance.now();
    if (!DURABLE.has(kind) && now - this.lastSync < SYNC_MS) return;
    fsyncSync(this.file);
    this.lastSync = now;
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

/** How much of the end of a log is looked at first, in bytes: more than a checksum is of. */
const TAIL_BYTES = 1 << 18;

interface LogEnd {
  /** Of the complete lines, in bytes. */
  readonly length: number;
  readonly lastLine: string | null;
  readonly unsealed: Unsealed;
}

/** @throws LabError `run-folder` where the log can't be read. */
function endOf(path: string): LogEnd {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { length: 0, lastLine: null, unsealed: NOTHING_UNSEALED };
    throw readProblem(path, error);
  }
  try {
    const { size } = fstatSync(file);
    for (let tail = TAIL_BYTES; ; tail *= 4) {
      const start = Math.max(0, size - tail);
      const bytes = Buffer.alloc(size - start);
      readSync(file, bytes, 0, bytes.byteLength, start);
      const end = endOfLines(bytes, start);
      if (end) return end;
    }
  } catch (error) {
    throw readProblem(path, error);
  } finally {
    closeSync(file);
  }
}

/** @param bytes the end of a log, from `start` on; @returns undefined where they are too few to tell */
function endOfLines(bytes: Buffer, start: number): LogEnd | undefined {
  const lines = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
  const lineStart = lines.lastIndexOf(NEWLINE, -2) + 1;
  const from = unsealedFrom(lines);
  if (start > 0 && (lineStart === 0 || from < 0)) return undefined;
  return {
    length: start + lines.byteLength,
    lastLine: lines.byteLength === 0 ? null : lines.toString('utf8', lineStart, lines.byteLength - 1),
    unsealed: withBytes(NOTHING_UNSEALED, lines.subarray(Math.max(from, 0))),
  };
}
