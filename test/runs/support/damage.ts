import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';

/** Changes one bit of a file. @param at position of its byte, from the end where negative; by default the middle */
export function flipBit(path: string, at?: number): void {
  const bytes = readFileSync(path);
  const position = at === undefined ? bytes.length >> 1 : at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(position) ^ 4, position);
  writeFileSync(path, bytes);
}

/** Cuts a file to a share of its size. */
export const cutTo = (path: string, share: number): void => truncateSync(path, Math.floor(statSync(path).size * share));
