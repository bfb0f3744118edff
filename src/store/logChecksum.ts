import { crc32 } from 'node:zlib';

/**
 * Checksums inside of a log. A line that ends with `,"crc32":"xxxxxxxx"}` has the CRC-32, in hex, of all bytes before that comma
 * and after the line that has the one before. Most lines are progress, of which few have one: a checksum for each would double the
 * time that a log of a million takes to open.
 */
const MARK = ',"crc32":"';
const HEX_DIGITS = 8;
/** From the comma to the end of the line, without its line break. */
const SUFFIX_LENGTH = MARK.length + HEX_DIGITS + 2;
/** Progress has a checksum, too, once so many bytes have none. */
const MOST_UNSEALED_BYTES = 1 << 16;
const NEWLINE = 10;

/** CRC-32 and number of the bytes that are not sealed yet: those after the last line that has a checksum. */
export interface Unsealed {
  readonly crc: number;
  readonly bytes: number;
}
export const NOTHING_UNSEALED: Unsealed = { crc: 0, bytes: 0 };

/** A JSON object as the log's next line, with a checksum unless it is `plain` and one came not long before; and what is unsealed then. */
export function nextLine(json: string, before: Unsealed, plain: boolean): { line: Buffer; unsealed: Unsealed } {
  if (plain && before.bytes < MOST_UNSEALED_BYTES) {
    const line = Buffer.from(`${json}\n`);
    return { line, unsealed: withBytes(before, line) };
  }
  const open = Buffer.from(json.slice(0, -1));
  return { line: Buffer.concat([open, Buffer.from(suffix(crc32(open, before.crc)))]), unsealed: NOTHING_UNSEALED };
}

/** The object's own JSON, of a line with a checksum or without. */
export const withoutChecksum = (line: string): string =>
  line.startsWith(MARK, line.length - SUFFIX_LENGTH) ? `${line.slice(0, -SUFFIX_LENGTH)}}` : line;

/** A line that has a checksum. */
export interface SealedLine {
  /** Its number in the log. */
  readonly line: number;
  /** Where its line break stands, in bytes. */
  readonly end: number;
}

/**
 * Checks whole lines, the next ones of a log.
 * @param sealed those of them that have a checksum
 * @returns what is unsealed after them; or the first line whose checksum is not that of its lines
 */
export function checkLines(lines: Buffer, sealed: readonly SealedLine[], before: Unsealed): Unsealed | SealedLine {
  let [from, unsealed] = [0, before];
  for (const each of sealed) {
    const { end } = each;
    const mark = end - SUFFIX_LENGTH;
    const { crc } = withBytes(unsealed, lines.subarray(from, mark));
    if (lines.toString('latin1', mark, end + 1) !== suffix(crc)) return each;
    [from, unsealed] = [end + 1, NOTHING_UNSEALED];
  }
  return withBytes(unsealed, lines.subarray(from));
}

/** Where the bytes begin that are not sealed, in whole lines that have a checksum; -1 where they have none. */
export function unsealedFrom(lines: Buffer): number {
  const mark = lines.lastIndexOf(MARK);
  return mark < 0 ? -1 : lines.indexOf(NEWLINE, mark) + 1;
}

export const withBytes = ({ crc, bytes }: Unsealed, more: Uint8Array): Unsealed => ({
  crc: crc32(more, crc),
  bytes: bytes + more.byteLength,
});

const suffix = (crc: number): string => `${MARK}${crc.toString(16).padStart(HEX_DIGITS, '0')}"}\n`;
