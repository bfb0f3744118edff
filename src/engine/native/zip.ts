import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';

/** One member of a zip file. Sizes and offsets in bytes. */
export interface ZipMember {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly crc32: number;
  readonly method: number;
  readonly headerOffset: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

/**
 * Reads the member list of a zip file (a Python wheel is one) without reading its contents.
 * Throws an Error for what isn't a zip file, or is one above 4 GiB.
 */
export async function listZip(file: string): Promise<ZipMember[]> {
  const { size } = await stat(file);
  const tail = await readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== END_OF_DIRECTORY)
    throw new Error(`${file} is not a zip file, or is cut short`);
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (count === 0xffff || offset === 0xffffffff) throw new Error(`${file} is a zip file in the 64-bit format, which isn't read here`);
  return parseDirectory(await readAt(file, offset, length), count, file);
}

function parseDirectory(directory: Buffer, count: number, file: string): ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error(`${file} has a damaged member list`);
    const nameLength = directory.readUInt16LE(at + 28);
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc32: directory.readUInt32LE(at + 16),
      compressedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
}

/**
 * Unpacks one member to `folder/<relativePath>`, streaming, and checks its size and checksum. Returns its sha256 in
 * base64url, as a wheel's RECORD has it. Throws an Error if the member is damaged or its path would leave the folder.
 */
export async function extractMember(
  file: string,
  member: ZipMember,
  folder: string,
  relativePath: string,
  options: { readonly onBytes?: (count: number) => void; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const target = normalize(join(folder, relativePath));
  if (!target.startsWith(normalize(folder) + sep)) throw new Error(`${file} names a member outside of its folder: ${member.name}`);
  await mkdir(dirname(target), { recursive: true });
  const header = await readAt(file, member.headerOffset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL_HEADER) throw new Error(`${file} is damaged at ${member.name}`);
  const start = member.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  let size = 0;
  let checksum = 0;
  const hash = createHash('sha256');
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      // zlib.crc32 came with Node 20.15; an older 20 checks the size alone.
      if (typeof zlib.crc32 === 'function') checksum = zlib.crc32(chunk, checksum);
      options.onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  const source = createReadStream(file, { start, end: start + Math.max(member.compressedSize, 1) - 1, highWaterMark: 1 << 20 });
  const streamOptions = options.signal ? { signal: options.signal } : {};
  if (member.method === 8)
    await pipeline(source, zlib.createInflateRaw({ chunkSize: 1 << 20 }), count, createWriteStream(target), streamOptions);
  else if (member.method === 0) await pipeline(source, count, createWriteStream(target), streamOptions);
  else throw new Error(`${file} packs ${member.name} by a method that isn't read here (${member.method})`);
  const wrongChecksum = typeof zlib.crc32 === 'function' && checksum !== member.crc32;
  if (size !== member.size || wrongChecksum) throw new Error(`${file} is damaged: ${member.name} doesn't match its checksum`);
  return hash.digest('base64url');
}

async function readAt(file: string, position: number, length: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
