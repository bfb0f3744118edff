import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readProblem, systemCode } from './fileProblem';
import { NOTHING_UNSEALED, unsealedFrom, withBytes, type Unsealed } from './logChecksum';

const NEWLINE = 10;
/** How much of the end of a log is looked at first, in bytes: more than a checksum is of. */
const TAIL_BYTES = 1 << 18;

/** Where a log ends, and with what. */
export interface LogEnd {
  /** Of the complete lines, in bytes. */
  readonly length: number;
  readonly lastLine: string | null;
  readonly unsealed: Unsealed;
}

/** The end of a log; of one that isn't there, that of an empty one. @throws LabError `run-folder` where it can't be read. */
export function endOfLog(path: string): LogEnd {
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
