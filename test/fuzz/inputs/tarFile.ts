import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { tar } from '../../data/support/archives';
import { ESCAPE } from '../sandbox';
import { members, MEMBER_NAMES } from './importing';

/** Files, hard and symbolic links, devices, folders, pipes, and what describes the next member: all that a tar archive can name. */
const TYPES = ['0', '\0', '1', '2', '3', '4', '5', '6', '7', 'x', 'g', 'L', 'K', 'S', 'D', 'M', 'Z'] as const;
const LINKS = ['/etc/passwd', '../../escape', ESCAPE, 'own/train/cat/0.png', '.', ''] as const;

/** Writes a header's checksum anew. */
function sealed(header: Buffer): Buffer {
  header.write('        ', 148);
  header.write(
    `${header
      .reduce((a, b) => a + b, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return header;
}

function member(name: string, type: string, link: string, content: Uint8Array, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0').slice(0, 11)}\0`, 124);
  header.write('14000000000\0', 136);
  header.write(type, 156, 'latin1');
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  return Buffer.concat([sealed(header), content, Buffer.alloc((512 - (content.byteLength % 512)) % 512)]);
}

const hostile = fc
  .record({
    name: fc.constantFrom(...MEMBER_NAMES),
    type: fc.constantFrom(...TYPES),
    link: fc.constantFrom(...LINKS),
    content: fc.constantFrom(
      '',
      'x',
      '30 path=../../escape.png\n',
      '25 linkpath=../../escape\n',
      '22 size=99999999999999\n',
      '../../escape.png\0',
    ),
    lies: fc.constantFrom(null, 0, 512, 2 ** 31, 8 ** 11 - 1),
  })
  .map(({ name, type, link, content, lies }) => member(name, type, link, Buffer.from(content), lies ?? content.length));

/** Good members with hostile ones among them, packed or not. */
export const hostileTar: fc.Arbitrary<Uint8Array> = fc
  .record({ good: fc.nat(8), bad: fc.array(hostile, { minLength: 1, maxLength: 3 }), packed: fc.boolean() })
  .map(({ good, bad, packed }) => {
    const whole = tar(members().slice(0, good));
    const archive = Buffer.concat([...bad.slice(1), whole.subarray(0, -1024), ...bad.slice(0, 1), Buffer.alloc(1024)]);
    return packed ? gzipSync(archive) : archive;
  });
