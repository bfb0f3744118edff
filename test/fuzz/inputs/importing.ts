import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importDataSet } from '../../../src/data/import/importDataSet';
import type { DataSetName } from '../../../src/protocol/words';
import { smallSet } from '../../data/support/images';
import { membersOf, type Member } from '../../data/support/archives';
import { STRINGS } from './pools';

/** A set of few and small images as an archive's members. */
export const members = (): Member[] => membersOf(smallSet(1, 1, 4), 'own/');

/** What a member may be called in order to get out of the folder that it is unpacked in, or to be in another's way. */
export const MEMBER_NAMES = [
  ...STRINGS,
  'own/train/cat/0.png',
  'own/train/cat',
  'own/train/cat/0.png/inner.png',
  '../escape.png',
  '../../../escape.png',
  '/tmp/mnemonics-fuzz-escape/x.png',
  'own/../../escape.png',
  'own\\..\\..\\escape.png',
  './own/./train/cat/9.png',
  'own/train/__proto__/1.png',
  'own/train/a\nb/1.png',
  'own/train/\u001b[31m/1.png',
  `own/${'d/'.repeat(200)}1.png`,
  `own/train/cat/${'n'.repeat(300)}.png`,
  '.importing-image-folder/lock',
  'data-set.json',
  'own/train/cat/.png.part',
] as const;

/** Imports an archive as images, or as IDX files. */
export async function importFrom(folder: string, file: string, name: DataSetName = 'image-folder'): Promise<unknown> {
  const dataFolder = join(folder, 'data');
  const imported = await importDataSet({
    name,
    from: join(folder, file),
    dataFolder,
    force: false,
    unverified: true,
    signal: new AbortController().signal,
  });
  if (existsSync(join(dataFolder, `.importing-${name}`))) throw new Error('the staging folder is left behind');
  return imported;
}
