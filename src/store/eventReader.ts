import { isAscii } from 'node:buffer';
import { runError, type LabError } from '../protocol/errors';
import { eventSchema, type RunEvent } from '../protocol/events';
import { asProgressEvent } from '../protocol/progressEvent';
import { readProblem } from './fileProblem';
import { checkLines, NOTHING_UNSEALED, withoutChecksum, type SealedLine } from './logChecksum';
import { parseFileText } from './parseFile';
import { openOrdinary } from './readText';

const NEWLINE = 10;
/** Small enough that an editor stays alive between two of them. */
const CHUNK_BYTES = 1 << 17;
/** The longest event is `run-started`: its plan names every class, some hundred kilobytes for thousands of them. */
const LONGEST_LINE_BYTES = 16 << 20;
/** Progress has some hundred characters; of anything longer it is known what it holds before it is parsed. */
const LONGEST_PROGRESS = 2000;

/**
 * Reads a log from its beginning, piece by piece, and later on from where it came to. A line counts once its line break is
 * written, so a torn last line waits for it; anything else that is wrong is an error, after which the reader is of no more use.
 */
export class EventReader {
  /** Bytes of the complete lines so far. */
  private offset = 0;
  /** Events so far; each has this as its number. */
  private next = 0;
  private unsealed = NOTHING_UNSEALED;
  /** Of those read so far. */
  first: RunEvent | null = null;
  last: RunEvent | null = null;

  constructor(private readonly path: string) {}

  /**
   * Hands on the events that have been completed since the last call, each checked.
   * @throws LabError `run-folder` naming the file and the line.
   */
  async read(visit: (event: RunEvent) => void): Promise<void> {
    const file = await openOrdinary(this.path).catch((error: unknown) => {
      throw readProblem(this.path, error);
    });
    const readAt = (into: Buffer, position: number) => {
      const reading = file.read(into, 0, into.byteLength, position).catch((error: unknown) => {
        throw readProblem(this.path, error);
      });
      // Nobody waits for it where a line that came before is wrong.
      reading.catch(() => undefined);
      return reading;
    };
    try {
      let [chunk, next] = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
      for (let reading = readAt(chunk, this.offset); ;) {
        const { bytesRead } = await reading;
        const end = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
        if (end > 0) {
          // The disk works while the lines are parsed.
          reading = readAt(next, this.offset + end);
          this.visitLines(chunk.subarray(0, end), visit);
          this.offset += end;
          [chunk, next] = [next, chunk];
        } else if (bytesRead < chunk.byteLength) return;
        else {
          const size = this.doubled(chunk.byteLength);
          [chunk, next] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
          reading = readAt(chunk, this.offset);
        }
      }
    } finally {
      await file.close();
    }
  }

  private visitLines(lines: Buffer, visit: (event: RunEvent) => void): void {
    // Characters are bytes here. To decode each line would take three times as long, and nearly all of it is ASCII.
    const text = lines.toString('latin1');
    const ascii = isAscii(lines);
    const sealed: SealedLine[] = [];
    for (let from = 0; from < text.length;) {
      const to = text.indexOf('\n', from);
      const line = ascii ? text.slice(from, to) : lines.toString('utf8', from, to);
      const json = withoutChecksum(line);
      if (json !== line) sealed.push({ line: this.next + 1, end: to });
      const event = this.parse(json);
      this.first ??= event;
      this.last = event;
      visit(event);
      this.next++;
      from = to + 1;
    }
    // After the lines themselves, because what one of them says is more than that something changed.
    const unsealed = checkLines(lines, sealed, this.unsealed);
    if ('line' in unsealed) throw this.changed(unsealed.line);
    this.unsealed = unsealed;
  }

  private parse(line: string): RunEvent {
    const event = (line.length < LONGEST_PROGRESS ? progressEventOf(line) : null) ?? parseFileText(line, eventSchema, this.place());
    if (event.seq === this.next) return event;
    throw runError(
      `${this.place()} can't be used: it has the number ${event.seq} instead of ${this.next}; events are missing, so restore the file from a copy.`,
    );
  }

  private changed(line: number): LabError {
    return runError(
      `Line ${line} of ${this.path} can't be used: it, or one before it, is not as it was written by its checksum; the run folder is damaged, so restore it from a copy.`,
    );
  }

  private doubled(bytes: number): number {
    if (bytes < LONGEST_LINE_BYTES) return 2 * bytes;
    throw runError(`${this.place()} can't be used: it is longer than any event; the run folder is damaged, so restore it from a copy.`);
  }

  private place(): string {
    return `Line ${this.next + 1} of ${this.path}`;
  }
}

function progressEventOf(line: string): RunEvent | null {
  try {
    return asProgressEvent(JSON.parse(line));
  } catch {
    return null;
  }
}
