import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { readDataSet } from '../../../src/data/readDataSet';
import { jpeg, png } from '../../data/support/images';
import { bytesOfText, textOf } from '../inputs/bytes';
import { STRINGS } from '../inputs/pools';
import type { FuzzTarget } from '../target';

const CONTENTS = {
  png: png(9, 7, (x, y) => [20 * x, 30 * y, 5]),
  jpeg: jpeg(8, 8, (x, y) => [9 * x, 20 * y, 99]),
  empty: Buffer.alloc(0),
  text: Buffer.from('no image'),
  cut: png(9, 7, () => [1, 2, 3]).subarray(0, 40),
  zeros: '/dev/zero',
  loop: 'loop',
} as const;

const file = fc.tuple(
  fc.constantFrom('train', 'val', 'test', 'cat', 'dog', '.hidden', '__MACOSX'),
  fc.constantFrom('cat', 'dog', 'images', ...STRINGS.filter((name) => !/[/\0\ud800]/u.test(name) && name !== '' && name.length < 200)),
  fc.constantFrom('1.png', '2.jpg', '3.JPEG', '4.gif', 'x.txt', 'deep/er/5.png'),
  fc.constantFrom(...(Object.keys(CONTENTS) as (keyof typeof CONTENTS)[])),
);
const tree = (files: readonly (readonly [string, string, string, keyof typeof CONTENTS])[]) => bytesOfText(JSON.stringify(files));
const GOOD = (['train', 'val'] as const).flatMap((part) => (['cat', 'dog'] as const).map((name) => [part, name, '1.png', 'png'] as const));

/** A folder of images with any names and contents, links to devices among them. */
export const target: FuzzTarget = {
  runs: 600,
  file: 'tree.json',
  codes: ['data-invalid'],
  seeds: () => [tree(GOOD)],
  mutated: () => fc.array(file, { maxLength: 6 }).map((files) => tree([...GOOD, ...files])),
  async read(folder, input) {
    const root = join(folder, 'set');
    try {
      for (const [part, name, image, content] of JSON.parse(textOf(input)) as [string, string, string, keyof typeof CONTENTS][]) {
        const path = join(root, part, name, image);
        mkdirSync(dirname(path), { recursive: true });
        const bytes = CONTENTS[content];
        if (lstatSync(path, { throwIfNoEntry: false })) continue;
        if (typeof bytes === 'string') symlinkSync(bytes, path);
        else writeFileSync(path, bytes);
      }
      return await readDataSet('image-folder', root, { imageSize: 16 });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};
