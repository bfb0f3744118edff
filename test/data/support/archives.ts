import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** A member of an archive: a file, or a link to something. */
export type Member = { readonly name: string; readonly content: Uint8Array } | { readonly name: string; readonly link: string };

/** A tar archive (POSIX ustar). */
export function tar(members: readonly Member[]): Buffer {
  const blocks = members.flatMap((member) => {
    const content = 'content' in member ? Buffer.from(member.content) : Buffer.alloc(0);
    const header = Buffer.alloc(512);
    header.write(member.name, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(`${(1_600_000_000).toString(8).padStart(11, '0')}\0`, 136);
    header.write('        ', 148);
    header.write('content' in member ? '0' : '2', 156);
    if ('link' in member) header.write(member.link, 157, 100);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((a, b) => a + b, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const tarGz = (members: readonly Member[]): Buffer => gzipSync(tar(members));

/** A zip archive of deflated members. */
export function zip(members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const content = 'content' in member ? Buffer.from(member.content) : Buffer.from(member.link);
    const packed = deflateRawSync(content);
    const name = Buffer.from(member.name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((('content' in member ? 0o100644 : 0o120777) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(
    directory.reduce((total, { length }) => total + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

/** Files as members of an archive, below a folder. */
export const membersOf = (files: Readonly<Record<string, Uint8Array>>, folder = ''): Member[] =>
  Object.entries(files).map(([name, content]) => ({ name: folder + name, content }));

export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
