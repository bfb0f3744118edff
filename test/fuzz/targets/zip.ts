import fc from 'fast-check';
import { zip, type Member } from '../../data/support/archives';
import { mutatedBytes } from '../inputs/bytes';
import { importFrom, MEMBER_NAMES, members } from '../inputs/importing';
import type { FuzzTarget } from '../target';

const FILE = 'set.zip';

const hostile = fc
  .tuple(fc.constantFrom(...MEMBER_NAMES), fc.constantFrom('', 'x', '/etc/passwd', '../../escape'), fc.boolean())
  .map(([name, content, link]): Member => (link ? { name, link: content } : { name, content: Buffer.from(content) }));

export const target: FuzzTarget = {
  runs: 800,
  file: FILE,
  codes: ['data-invalid'],
  seeds: () => [zip(members())],
  mutated: (seeds) => {
    const mixed = fc
      .record({ good: fc.nat(8), bad: fc.array(hostile, { minLength: 1, maxLength: 3 }) })
      .map(({ good, bad }): Uint8Array => zip([...bad.slice(1), ...members().slice(0, good), ...bad.slice(0, 1)]));
    return fc.oneof(mutatedBytes(seeds, ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', '\xff\xff\xff\xff', '../', '/']), mixed);
  },
  read: (folder) => importFrom(folder, FILE),
  leaves: /^data(\/image-folder(\/.*)?)?$/s,
};
